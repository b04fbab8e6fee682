internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// An entry that a pusher follows, and what was already reported of it.
struct FollowedEntry {
    private let entry: QueueEntry
    private(set) var hasEnded = false
    private(set) var isClean = true
    /// The build, once it has started.
    private(set) var build: BuildID?
    private var isBegun = false
    /// The number of failed attempts.
    private var attempts: Int
    private var log: LogTail?

    init(_ entry: QueueEntry) {
        self.entry = entry
        attempts = entry.attempts
    }

    /// Checks the entry again.
    ///
    /// - Returns: false when the pusher is no longer listening.
    mutating func look(
        _ queue: BuildQueue, _ state: StateDirectory, _ tell: (QueueFollower.News) -> Bool
    ) throws -> Bool {
        let key = entry.key
        let running = try queue.item(.running, key)
        if let running, running.entry.commit == entry.commit {
            if !isBegun, let claim = running.entry.claim {
                isBegun = true
                guard tell(.began(key: key, worker: claim.worker)) else { return false }
            }
            if build != running.entry.claim?.build {
                build = running.entry.claim?.build
                log = nil
            }
            return tellLines(state, tell)
        }
        guard tellLines(state, tell) else { return false }
        if let waiting = try queue.item(.waiting, key) {
            build = nil
            log = nil
            if waiting.entry.commit == entry.commit {
                isBegun = false
                let isNews = waiting.entry.attempts > attempts
                attempts = waiting.entry.attempts
                guard isNews, let reason = waiting.entry.reason else { return true }
                return tell(.postponed(key: key, reason: reason))
            }
            hasEnded = true
            isClean = false
            return tell(.superseded(key: key, by: waiting.entry.pusher))
        }
        // An older commit of the tuple is built first.
        if running != nil, !isBegun { return true }
        // It may have been claimed between the two checks.
        if try queue.item(.running, key)?.entry.commit == entry.commit { return true }
        hasEnded = true
        return tell(try ending(queue, state))
    }

    /// Returns the result of an entry that is no longer in the queue.
    private mutating func ending(
        _ queue: BuildQueue, _ state: StateDirectory
    ) throws -> QueueFollower.News {
        let key = entry.key
        if let failed = try queue.item(.failed, key), failed.entry.commit == entry.commit {
            isClean = false
            let log = failed.entry.claim?.build.map { state.log(of: $0).string }
            return .failed(
                key: key, reason: failed.entry.reason ?? "it failed", hints: failed.entry.hints,
                log: log)
        }
        let reader = try ResultReader(queue.repository)
        let tree = try queue.repository.tree(ofCommit: entry.commit)
        if let series = entry.series, let latest = try reader.latest(of: series),
            latest.result.tree == tree
        {
            return .built(key: key, tag: latest.tag)
        }
        if try reader.success(ofTree: tree) != nil { return .built(key: key, tag: nil) }
        isClean = false
        return .cancelled(key: key)
    }

    private mutating func tellLines(
        _ state: StateDirectory, _ tell: (QueueFollower.News) -> Bool
    ) -> Bool {
        guard let build else { return true }
        if log == nil { log = LogTail(state.logs.appending("\(build).log")) }
        return log?.lines().allSatisfy { tell(.line(key: entry.key, $0)) } ?? true
    }
}

/// The end of a growing file. It stays open, so that everything written to it
/// can be read even after it was compressed and removed.
private final class LogTail {
    private let descriptor: FileDescriptor
    private var rest: [UInt8] = []

    /// Opens the file; nil when it does not exist yet or is not readable.
    init?(_ path: FilePath) {
        guard
            let descriptor = try? FileDescriptor.open(
                path, .readOnly, options: [.closeOnExec, .noFollow])
        else { return nil }
        self.descriptor = descriptor
    }

    deinit { try? descriptor.close() }

    /// Returns the lines that were added since the last call.
    func lines() -> [[UInt8]] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while let count = try? buffer.withUnsafeMutableBytes({ try descriptor.read(into: $0) }),
            count > 0
        {
            rest += buffer[..<count]
        }
        guard let last = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        let lines = rest[..<last].split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).map { Array($0) }
        rest.removeSubrange(...last)
        return lines
    }
}
