package import Git
internal import Records
package import Sites

/// Queues what a change of branches changed: what a post-receive hook is for.
///
/// What is compared is not the push's old and new commits but the branches as
/// they were last queued and as they are now, in one step for all processes:
/// two pushes at once queue every tuple once, in its newest state, and what a
/// hook that died had to queue is queued by the next, or by the worker.
package struct QueueFeeder {
    /// What became of one tuple.
    package struct Outcome: Sendable, Hashable, Codable {
        /// What there is to say of it.
        package enum Kind: String, Sendable, Hashable, Codable {
            /// It waits.
            case queued
            /// It waits in the place of an older commit.
            case superseded
            /// It waited already.
            case known
            /// The pusher wanted it left out.
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
        /// What became of it.
        package let kind: Kind
        /// What is new in it, as `portage/base: package.use`.
        package var changes: [String] = []
        /// Its position in the queue; 1 is built next. Nil when it is no longer in
        /// the queue: a worker may have taken it already.
        package var place: Int?
        /// What fails of it.
        package var failure: KnownFailure?
        /// Why it cannot be composed.
        package var reason: String?
        /// What was queued, whatever has become of it since.
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

    /// For a repository with these sites.
    package init(_ repository: Repository, sites: [ZentooName], state: StateDirectory) {
        self.repository = repository
        self.sites = sites
        self.state = state
    }

    private var queue: BuildQueue { BuildQueue(repository) }

    /// Takes the branches as they are for queued, when nothing ever was.
    ///
    /// - Throws: ``GitError``.
    package func begin() async throws {
        try await QueueDoor(repository).holding {
            guard try queue.seen() == nil else { return }
            try queue.see(BranchHeads(of: repository, sites: sites), expecting: nil)
        }
    }

    /// Queues what a push changed.
    ///
    /// - Throws: ``ZentooError`` when another push does not let go of the
    ///   queue; ``GitError``.
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
            // Without a note, the branches were what they were before the push.
            var old = seen?.heads ?? now
            var new = old
            for (branch, before) in branches {
                if seen == nil { old.commits[branch] = before }
                new.commits[branch] = now.commits[branch]
            }
            return try feed(from: old, to: new, options, pusher, seen?.id)
        }
    }

    /// Queues what changed since anything was queued last, however it did: by
    /// a push whose hook died, or by a commit made on the server.
    ///
    /// - Throws: ``ZentooError`` when another push does not let go of the
    ///   queue; ``GitError``.
    package func feedChanges(
        by pusher: String, options: PushOptions = PushOptions()
    ) async throws -> [Outcome] {
        try await QueueDoor(repository).holding {
            let now = try BranchHeads(of: repository, sites: sites)
            let seen = try queue.seen()
            return try feed(from: seen?.heads ?? now, to: now, options, pusher, seen?.id)
        }
    }

    /// Queues these tuples as they are, changed or not.
    ///
    /// - Throws: ``ZentooError`` when one cannot be composed; then none is
    ///   queued.
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
        // First the entries, then the note that they are there.
        try repository.synchronize()
        try queue.see(new, expecting: seen)
        return try placed(outcomes)
    }

    private func add(
        _ changes: [AffectedTuples.Change], _ options: PushOptions, _ pusher: String,
        isForced: Bool = false
    ) throws -> [Outcome] {
        let records = try RecordNotes(repository)
        // One moment for all: what comes in together is ordered by name.
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
            // What waits is older than what is known to fail.
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
    /// Has workers look at the queue now and not in a moment.
    package func wakeWorkers() { QueueDoor(repository).ring() }
}
