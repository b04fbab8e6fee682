package import Git
internal import Records
package import Sites

/// Queues the tuples that a change of branches affects, for the post-receive
/// hook.
///
/// Compares not the push's old and new commits, but the branches as they were
/// last queued with the current ones, in one step for all processes. Two
/// simultaneous pushes queue every tuple once, in its newest state, and what a
/// dead hook should have queued is queued by the next hook or by the worker.
package struct QueueFeeder {
    /// The result for one tuple.
    package struct Outcome: Sendable, Hashable, Codable {
        /// The kinds of result.
        package enum Kind: String, Sendable, Hashable, Codable {
            /// It was queued.
            case queued
            /// It was queued in place of an older commit.
            case superseded
            /// It was already queued.
            case known
            /// It was excluded by the pusher.
            case skipped
            /// It failed from the same inputs before.
            case failing
            /// It cannot be composed.
            case broken
            /// It is no longer declared.
            case gone
        }

        /// The site.
        package let site: String
        /// The tuple.
        package let tuple: String
        /// The kind of result.
        package let kind: Kind
        /// The changes, such as `portage/base: package.use`.
        package var changes: [String] = []
        /// Its position in the queue; 1 is built next. Nil when it is no longer
        /// in the queue, because a worker may already have claimed it.
        package var place: Int?
        /// The known failure.
        package var failure: KnownFailure?
        /// The reason why it cannot be composed.
        package var reason: String?
        /// The entry as it was queued, regardless of what has happened to it
        /// since.
        var entry: QueueEntry?

        /// Whether it was put into the queue, or was there already.
        package var isQueued: Bool {
            switch kind {
            case .queued, .superseded, .known: true
            case .skipped, .failing, .broken, .gone: false
            }
        }

        private enum CodingKeys: CodingKey {
            case site, tuple, kind, changes, place, failure, reason
        }
    }

    let repository: Repository
    let sites: [ZentooName]
    let state: StateDirectory

    /// Creates a feeder for a repository with these sites.
    package init(_ repository: Repository, sites: [ZentooName], state: StateDirectory) {
        self.repository = repository
        self.sites = sites
        self.state = state
    }

    private var queue: BuildQueue { BuildQueue(repository) }

    /// Records the current branches as queued, if none were recorded before.
    ///
    /// - Throws: ``GitError``.
    package func begin() async throws {
        try await QueueDoor(repository).holding {
            guard try queue.seen() == nil else { return }
            try queue.see(BranchHeads(of: repository, sites: sites), expecting: nil)
        }
    }

    /// Queues the tuples that a push affects.
    ///
    /// - Throws: ``ZentooError`` when another push keeps the queue locked;
    ///   ``GitError``.
    package func feed(
        _ push: Push, by pusher: String, options: PushOptions = PushOptions()
    ) async throws -> [Outcome] {
        let branches = push.changes.compactMap { change in
            change.branch.flatMap { ServedBranch(branch: $0, sites: sites) }
                .map { ($0.branch, change.old) }
        }
        guard !branches.isEmpty else { return [] }
        return try await QueueDoor(repository).holding {
            let now = try BranchHeads(of: repository, sites: sites)
            let seen = try queue.seen()
            // Without a record, the previous commits are those that the push
            // names.
            var old = seen?.heads ?? now
            var new = old
            for (branch, before) in branches {
                if seen == nil { old.commits[branch] = before }
                new.commits[branch] = now.commits[branch]
            }
            return try feed(from: old, to: new, options, pusher, seen?.id)
        }
    }

    /// Queues the tuples affected by any change since the branches were last
    /// queued: by a push whose hook died, or by a commit made on the server.
    ///
    /// - Throws: ``ZentooError`` when another push keeps the queue locked;
    ///   ``GitError``.
    package func feedChanges(
        by pusher: String, options: PushOptions = PushOptions()
    ) async throws -> [Outcome] {
        try await QueueDoor(repository).holding {
            let now = try BranchHeads(of: repository, sites: sites)
            let seen = try queue.seen()
            return try feed(from: seen?.heads ?? now, to: now, options, pusher, seen?.id)
        }
    }

    /// Queues the given tuples in their current state, changed or not.
    ///
    /// - Throws: ``ZentooError`` when one cannot be composed; none is queued in
    ///   that case.
    package func feed(
        _ tuples: [Tuple], of site: Site, by pusher: String, priority: Int, isForced: Bool
    ) async throws -> [Outcome] {
        try await QueueDoor(repository).holding {
            let composer = TupleComposer(site)
            let changes = try tuples.map { tuple in
                AffectedTuples.Change(
                    site: site.name, commit: try composer.compose(tuple),
                    heads: try AffectedTuples.heads(of: tuple, site), changes: [])
            }
            var options = PushOptions()
            options.priority = priority
            let outcomes = try add(changes, options, pusher, isForced: isForced)
            try repository.synchronize()
            return try placed(outcomes)
        }
    }

    private func feed(
        from old: BranchHeads, to new: BranchHeads, _ options: PushOptions, _ pusher: String,
        _ seen: ObjectID?
    ) throws -> [Outcome] {
        guard old != new else { return [] }
        let affected = try AffectedTuples(
            repository: repository, sites: sites, state: state, keeps: options.wants
        ).find(from: old, to: new)
        var outcomes: [Outcome] = []
        for key in affected.gone {
            let parts = key.split(separator: "/").map(String.init)
            try queue.remove(key)
            if let failed = try queue.item(.failed, key) { try queue.take(failed) }
            outcomes.append(Outcome(site: parts[0], tuple: parts[1], kind: .gone))
        }
        for (site, tuple, reason) in affected.broken {
            outcomes.append(
                Outcome(site: site.text, tuple: tuple.text, kind: .broken, reason: reason))
        }
        outcomes += try add(affected.changes, options, pusher)
        // The entries must be stored before the record that they are queued.
        try repository.synchronize()
        try queue.see(new, expecting: seen)
        return try placed(outcomes)
    }

    private func add(
        _ changes: [AffectedTuples.Change], _ options: PushOptions, _ pusher: String,
        isForced: Bool = false
    ) throws -> [Outcome] {
        let records = try RecordNotes(repository)
        // One time for all, so that entries queued together are ordered by
        // name.
        let now = Timestamp.now
        return try changes.map { change in
            let entry = QueueEntry(
                site: change.site, tuple: change.commit.tuple, commit: change.commit.commit,
                heads: change.heads, pusher: pusher, queued: now, priority: options.priority,
                changes: change.changes, isForced: isForced)
            return try add(entry, of: change, options, records)
        }
    }

    private func add(
        _ entry: QueueEntry, of change: AffectedTuples.Change, _ options: PushOptions,
        _ records: RecordNotes
    ) throws -> Outcome {
        let tuple = change.commit.tuple
        func outcome(_ kind: Outcome.Kind, _ failure: KnownFailure? = nil) -> Outcome {
            Outcome(
                site: change.site.text, tuple: tuple.text, kind: kind, changes: change.changes,
                failure: failure)
        }
        guard options.wants(tuple) else { return outcome(.skipped) }
        if !entry.isForced, let failure = try KnownFailure(ofTree: change.commit.tree, in: records)
        {
            // A waiting entry is older than the commit that is known to fail.
            try queue.remove(entry.key)
            return outcome(.failing, failure)
        }
        var result =
            switch try queue.add(entry) {
            case .queued: outcome(.queued)
            case .superseded: outcome(.superseded)
            case .known: outcome(.known)
            }
        result.entry = entry
        return result
    }

    private func placed(_ outcomes: [Outcome]) throws -> [Outcome] {
        var places: [String: Int] = [:]
        for (index, item) in try queue.items(.waiting).enumerated() {
            places[item.entry.key] = index + 1
        }
        return outcomes.map { outcome in
            var outcome = outcome
            if outcome.isQueued { outcome.place = places["\(outcome.site)/\(outcome.tuple)"] }
            return outcome
        }
    }
}

extension QueueFeeder {
    /// Notifies the workers, so that they check the queue immediately.
    package func wakeWorkers() { QueueDoor(repository).ring() }
}
