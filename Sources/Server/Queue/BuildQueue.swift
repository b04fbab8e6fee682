package import Git
internal import Sites

/// What a server is still to build, in the repository itself:
///
///     refs/zentoo/queue/waiting/<site>/<tuple>    to be built
///     refs/zentoo/queue/running/<site>/<tuple>    claimed by a worker
///     refs/zentoo/queue/failed/<site>/<tuple>     failed, until an input changes
///     refs/zentoo/queue/cancelled/<site>/<tuple>  running, and to be stopped
///     refs/zentoo/queue/paused                    nothing new is begun
///     refs/zentoo/queue/seen                      the branches as last queued
///
/// One entry a tuple in each state, so a newer push takes the place of an
/// older one by a compare-and-swap. A change of state makes the new reference
/// before it deletes the old: a process that dies between leaves an entry
/// twice, never not at all, and whoever comes next tidies up.
package struct BuildQueue {
    /// What an entry's reference says of it.
    package enum State: String, Sendable, Hashable, Codable {
        /// To be built.
        case waiting
        /// A worker has it.
        case running
        /// It failed.
        case failed
        /// It is running and somebody wants it stopped.
        case cancelled
    }

    /// An entry with its place in git.
    package struct Item: Sendable, Hashable, Codable {
        /// What its reference says.
        package let state: State
        /// The tag object, other than that of any other entry.
        package let id: ObjectID
        /// What it says.
        package let entry: QueueEntry
    }

    static let prefix = "refs/zentoo/queue/"

    let repository: Repository

    /// The queue of a repository.
    package init(_ repository: Repository) { self.repository = repository }

    /// All entries of a state, those first that are built first.
    ///
    /// - Throws: ``GitError``.
    package func items(_ state: State) throws -> [Item] {
        try repository.references(under: "\(Self.prefix)\(state.rawValue)/")
            .compactMap { try item(state, $0.id) }
            .sorted { QueueEntry.comesFirst($0.entry, $1.entry) }
    }

    /// The entry of a tuple; nil when there is none.
    ///
    /// - Throws: ``GitError``.
    package func item(_ state: State, _ key: String) throws -> Item? {
        try repository.resolve(Self.name(state, key)).flatMap { try item(state, $0) }
    }

    /// Nil for something that is no entry.
    private func item(_ state: State, _ id: ObjectID) throws -> Item? {
        try repository.tag(id).flatMap { QueueEntry($0) }
            .map { Item(state: state, id: id, entry: $0) }
    }

    static func name(_ state: State, _ key: String) throws -> RefName {
        try RefName("\(prefix)\(state.rawValue)/\(key)")
    }

    /// Makes or moves the reference of an entry.
    ///
    /// - Returns: nil when it is not what is expected.
    func put(
        _ entry: QueueEntry, _ state: State, expecting: RefExpectation
    ) throws -> Item? {
        let id = try repository.writeTag(entry.tag())
        do {
            try repository.set(
                Self.name(state, entry.key), to: id, expecting: expecting,
                message: "zentoo: \(state.rawValue)")
        } catch let error as GitError where error.code == .conflict {
            return nil
        }
        return Item(state: state, id: id, entry: entry)
    }

    /// - Returns: whether it was there still.
    @discardableResult
    func take(_ item: Item) throws -> Bool {
        do {
            return try repository.delete(
                Self.name(item.state, item.entry.key), expecting: .value(item.id))
        } catch let error as GitError where error.code == .conflict {
            return false
        }
    }

    /// Each lost attempt is somebody else's success, so this many never happen.
    static let mostAttempts = 1000
}

// MARK: Waiting

extension BuildQueue {
    /// How an entry came into the queue.
    package enum Addition: String, Sendable, Hashable, Codable {
        /// Nothing of the tuple waited.
        case queued
        /// It took the place of an older commit of the tuple.
        case superseded
        /// The same commit waited already.
        case known
    }

    /// Has an entry wait; an older one of its tuple is superseded, and its
    /// place and what was new in it are kept.
    ///
    /// - Throws: ``GitError``.
    @discardableResult
    package func add(_ entry: QueueEntry) throws -> Addition {
        for _ in 0..<Self.mostAttempts {
            guard let old = try item(.waiting, entry.key) else {
                if try put(entry, .waiting, expecting: .absent) != nil { return .queued }
                continue
            }
            var new = entry
            let isSame = old.entry.commit == entry.commit
            new.since = min(old.entry.since, entry.since)
            new.priority = max(old.entry.priority, entry.priority)
            new.isForced = entry.isForced || isSame && old.entry.isForced
            new.changes =
                old.entry.changes + entry.changes.filter { !old.entry.changes.contains($0) }
            if isSame, new.priority == old.entry.priority, new.isForced == old.entry.isForced {
                return .known
            }
            if try put(new, .waiting, expecting: .value(old.id)) != nil {
                return isSame ? .known : .superseded
            }
        }
        throw ZentooError(.busy, "the queue entry of '\(entry.key)' keeps being moved")
    }

    /// Takes the entry of a tuple out of those that wait.
    ///
    /// - Returns: what it was; nil when none waited.
    /// - Throws: ``GitError``.
    @discardableResult
    package func remove(_ key: String) throws -> QueueEntry? {
        while let item = try item(.waiting, key) {
            if try take(item) { return item.entry }
        }
        return nil
    }

    /// Has an entry that failed wait once more, to be built whatever is known
    /// of it.
    ///
    /// - Returns: nil when none failed.
    /// - Throws: ``GitError``.
    package func retry(_ key: String, by pusher: String) throws -> QueueEntry? {
        guard let failed = try item(.failed, key) else { return nil }
        var entry = failed.entry.unclaimed
        entry.isForced = true
        entry.attempts = 0
        entry.pusher = pusher
        entry.queued = .now
        entry.since = entry.queued
        // What was pushed since is newer, and waits already.
        if try item(.waiting, key) == nil { try add(entry) }
        try take(failed)
        return entry
    }
}
