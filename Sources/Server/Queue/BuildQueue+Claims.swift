internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// A worker's way through the queue. A claim is a lock in the state directory,
/// which ends with the process, plus one reference: a reference without its
/// lock is a dead worker's, and the next one frees it.
extension BuildQueue {
    /// The lock of a tuple's claim.
    static func lock(_ key: String, in state: StateDirectory) -> FilePath {
        state.locks.appending("queue-" + key.split(separator: "/").joined(separator: ":"))
    }

    /// The lock that shows that a worker is there.
    static func presence(in state: StateDirectory) -> FilePath {
        state.locks.appending("worker")
    }

    /// Takes an entry that waits; the caller holds its lock.
    ///
    /// - Returns: the claimed entry; nil when it was superseded, claimed or
    ///   cancelled meanwhile.
    func claim(_ item: Item, worker: String) throws -> Item? {
        var entry = item.entry
        entry.claim = QueueEntry.Claim(
            token: BuildID.make().description, worker: worker, started: .now)
        guard let claimed = try put(entry, .running, expecting: .absent) else { return nil }
        guard try take(item) else {
            try take(claimed)
            return nil
        }
        return claimed
    }

    /// Notes which build an entry has become.
    ///
    /// - Returns: nil when the claim is no longer ours.
    func began(_ build: BuildID, of item: Item) throws -> Item? {
        var entry = item.entry
        entry.claim?.build = build
        return try put(entry, .running, expecting: .value(item.id))
    }

    /// A claimed entry as it stands in the queue by now; nil when the claim is
    /// no longer ours, since somebody took its worker for dead.
    func held(_ item: Item) throws -> Item? {
        guard let now = try self.item(.running, item.entry.key),
            now.entry.claim?.token == item.entry.claim?.token
        else { return nil }
        return now
    }

    /// Whether the claim is still ours.
    func holds(_ item: Item) throws -> Bool { try held(item) != nil }

    /// Ends a claim whose build is done.
    ///
    /// - Parameters:
    ///   - reason: why it failed, if it did: then it is kept as failed.
    ///   - hints: what is to be said of that.
    /// - Returns: false when the claim was no longer ours; nothing is changed
    ///   then.
    @discardableResult
    func finish(_ item: Item, reason: String? = nil, hints: [String] = []) throws -> Bool {
        guard try holds(item) else { return false }
        let key = item.entry.key
        if let reason {
            var entry = item.entry
            entry.reason = reason
            entry.hints = hints
            _ = try put(entry, .failed, expecting: .anything)
        } else if let failed = try self.item(.failed, key) {
            try take(failed)
        }
        if let request = try self.item(.cancelled, key) { try take(request) }
        return try take(item)
    }

    /// Gives a claimed entry back, unless something newer waits.
    ///
    /// - Parameters:
    ///   - inTheWay: why it was tried in vain, if it was.
    ///   - hints: what is to be said of that.
    /// - Returns: false when the claim was no longer ours.
    @discardableResult
    func requeue(
        _ item: Item, inTheWay: String? = nil, hints: [String] = []
    ) throws -> Bool {
        guard try holds(item) else { return false }
        var entry = item.entry.unclaimed
        if let inTheWay {
            entry.attempts += 1
            entry.reason = inTheWay
            entry.hints = hints
        }
        _ = try put(entry, .waiting, expecting: .absent)
        return try take(item)
    }

    /// Frees what workers of this machine held that have died.
    ///
    /// - Returns: the entries that wait again.
    func freeDeadClaims(in state: StateDirectory) throws -> [QueueEntry] {
        var freed: [QueueEntry] = []
        for item in try items(.running) {
            guard try FileLock.tryLock(Self.lock(item.entry.key, in: state)) != nil else {
                continue
            }
            // Cancelled is what nobody wants built again.
            if let request = try self.item(.cancelled, item.entry.key) {
                try take(request)
                try take(item)
            } else if try requeue(item) {
                freed.append(item.entry)
            }
        }
        return freed
    }

    /// Asks the worker that builds a tuple to stop.
    ///
    /// - Returns: what it builds; nil when nothing of it is running.
    package func requestCancellation(_ key: String) throws -> QueueEntry? {
        guard let running = try item(.running, key) else { return nil }
        _ = try put(running.entry, .cancelled, expecting: .anything)
        return running.entry
    }

    /// Whether somebody wants a claimed entry stopped.
    func isCancelled(_ item: Item) throws -> Bool {
        guard let request = try self.item(.cancelled, item.entry.key) else { return false }
        return request.entry.claim?.token == item.entry.claim?.token
    }
}
