package import Git
internal import Sites

/// The queue of a server's builds, stored in the repository itself:
///
///     refs/zentoo/queue/waiting/<site>/<tuple>    to be built
///     refs/zentoo/queue/running/<site>/<tuple>    claimed by a worker
///     refs/zentoo/queue/failed/<site>/<tuple>     failed, until an input changes
///     refs/zentoo/queue/cancelled/<site>/<tuple>  running, cancellation requested
///     refs/zentoo/queue/paused                    no new build is started
///     refs/zentoo/queue/seen                      the branches as last queued
///
/// A tuple has at most one entry in each state, so a newer push replaces an
/// older one by a compare-and-swap. A change of state creates the new reference
/// before it deletes the old one: a process that dies in between leaves an
/// entry twice but never loses it, and the next process cleans up.
package struct BuildQueue {
    /// The state of an entry, given by its reference.
    package enum State: String, Sendable, Hashable, Codable {
        /// Waiting to be built.
        case waiting
        /// Claimed by a worker.
        case running
        /// Failed.
        case failed
        /// Running, with its cancellation requested.
        case cancelled
    }

    /// An entry with its state and tag object.
    package struct Item: Sendable, Hashable, Codable {
        /// The state, given by its reference.
        package let state: State
        /// The tag object, which differs from that of any other entry.
        package let id: ObjectID
        /// The content.
        package let entry: QueueEntry
    }

    static let prefix = "refs/zentoo/queue/"

    let repository: Repository

    /// Creates the queue of a repository.
    package init(_ repository: Repository) { self.repository = repository }

    /// Returns all entries of a state, in the order in which they are built.
    ///
    /// - Throws: ``GitError``.
    package func items(_ state: State) throws -> [Item] {
        try repository.references(under: "\(Self.prefix)\(state.rawValue)/")
            .compactMap { try item(state, $0.id) }
            .sorted { QueueEntry.comesFirst($0.entry, $1.entry) }
    }

    /// Returns the entry of a tuple; nil when there is none.
    ///
    /// - Throws: ``GitError``.
    package func item(_ state: State, _ key: String) throws -> Item? {
        try repository.resolve(Self.name(state, key)).flatMap { try item(state, $0) }
    }

    /// Reads an entry; nil when the object is not one.
    private func item(_ state: State, _ id: ObjectID) throws -> Item? {
        try repository.tag(id).flatMap { QueueEntry($0) }
            .map { Item(state: state, id: id, entry: $0) }
    }

    static func name(_ state: State, _ key: String) throws -> RefName {
        try RefName("\(prefix)\(state.rawValue)/\(key)")
    }

    /// Creates or updates the reference of an entry.
    ///
    /// - Returns: the entry; nil when the reference does not have the expected
    ///   value.
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

    /// Removes the reference of an entry.
    ///
    /// - Returns: whether it still existed and was unchanged.
    @discardableResult
    func take(_ item: Item) throws -> Bool {
        do {
            return try repository.delete(
                Self.name(item.state, item.entry.key), expecting: .value(item.id))
        } catch let error as GitError where error.code == .conflict {
            return false
        }
    }

    /// Each failed attempt is the success of another process, so this number is
    /// never reached.
    static let mostAttempts = 1000
}

// MARK: Waiting

extension BuildQueue {
    /// The result of adding an entry.
    package enum Addition: String, Sendable, Hashable, Codable {
        /// No entry of the tuple was waiting.
        case queued
        /// It replaced an older commit of the tuple.
        case superseded
        /// The same commit was already waiting.
        case known
    }

    /// Queues an entry. It supersedes an older one of its tuple, whose position
    /// and changes are kept.
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

    /// Removes the waiting entry of a tuple.
    ///
    /// - Returns: the removed entry; nil when none was waiting.
    /// - Throws: ``GitError``.
    @discardableResult
    package func remove(_ key: String) throws -> QueueEntry? {
        while let item = try item(.waiting, key) {
            if try take(item) { return item.entry }
        }
        return nil
    }

    /// Queues a failed entry again, to be built even though it is known to
    /// fail.
    ///
    /// - Returns: the entry; nil when none has failed.
    /// - Throws: ``GitError``.
    package func retry(_ key: String, by pusher: String) throws -> QueueEntry? {
        guard let failed = try item(.failed, key) else { return nil }
        var entry = failed.entry.unclaimed
        entry.isForced = true
        entry.attempts = 0
        entry.pusher = pusher
        entry.queued = .now
        entry.since = entry.queued
        // An entry that is already waiting was pushed later.
        if try item(.waiting, key) == nil { try add(entry) }
        try take(failed)
        return entry
    }
}
