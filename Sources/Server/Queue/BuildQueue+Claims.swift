internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// The operations of a worker. A claim is a lock in the state directory, which
/// the kernel releases when the process ends, and a reference. A reference
/// without its lock belongs to a dead worker, and the next worker frees it.
extension BuildQueue {
    /// Returns the path of the lock of a tuple's claim.
    static func lock(_ key: String, in state: StateDirectory) -> FilePath {
        state.locks.appending("queue-" + key.split(separator: "/").joined(separator: ":"))
    }

    /// Returns the path of the lock that shows that a worker is running.
    static func presence(in state: StateDirectory) -> FilePath {
        state.locks.appending("worker")
    }

    /// Claims a waiting entry. The caller must hold its lock.
    ///
    /// - Returns: the claimed entry; nil when it was superseded, claimed or
    ///   cancelled in the meantime.
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

    /// Records the build of a claimed entry.
    ///
    /// - Returns: the updated entry; nil when the claim is no longer ours.
    func began(_ build: BuildID, of item: Item) throws -> Item? {
        var entry = item.entry
        entry.claim?.build = build
        return try put(entry, .running, expecting: .value(item.id))
    }

    /// Returns a claimed entry as it is in the queue now; nil when the claim is
    /// no longer ours because another process considered its worker dead.
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
    ///   - reason: the reason why it failed, if it did; the entry is then kept
    ///     as failed.
    ///   - hints: the hints on that failure.
    /// - Returns: false when the claim was no longer ours; nothing is changed
    ///   in that case.
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

    /// Queues a claimed entry again, unless a newer one is waiting.
    ///
    /// - Parameters:
    ///   - inTheWay: the reason why the attempt failed, if it did.
    ///   - hints: the hints on that failure.
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

    /// Frees the claims of dead workers on this machine.
    ///
    /// - Returns: the entries that were freed and queued again.
    func freeDeadClaims(in state: StateDirectory) throws -> [QueueEntry] {
        var freed: [QueueEntry] = []
        for item in try items(.running) {
            guard try FileLock.tryLock(Self.lock(item.entry.key, in: state)) != nil else {
                continue
            }
            // A cancelled entry must not be queued again.
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
    /// - Returns: the running entry; nil when there is none.
    package func requestCancellation(_ key: String) throws -> QueueEntry? {
        guard let running = try item(.running, key) else { return nil }
        _ = try put(running.entry, .cancelled, expecting: .anything)
        return running.entry
    }

    /// Whether cancellation of a claimed entry was requested.
    func isCancelled(_ item: Item) throws -> Bool {
        guard let request = try self.item(.cancelled, item.entry.key) else { return false }
        return request.entry.claim?.token == item.entry.claim?.token
    }
}
