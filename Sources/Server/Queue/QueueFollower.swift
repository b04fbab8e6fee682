internal import Files
internal import Git
package import Sites
package import SystemPackage

/// Follows the entries that a push queued until all of them have ended, for a
/// pusher who waits (`git push -o zentoo.wait`).
package struct QueueFollower: Sendable {
    /// An event to report to the pusher.
    package enum News: Sendable, Hashable {
        /// No worker is running to build it.
        case noWorker
        /// The queue is paused, so waiting is useless.
        case paused(QueuePause)
        /// A worker has started to build it.
        case began(key: String, worker: String)
        /// A line of the build's log.
        case line(key: String, [UInt8])
        /// It was built, with this tag.
        case built(key: String, tag: String?)
        /// It failed.
        case failed(key: String, reason: String, hints: [String], log: String?)
        /// It failed for a temporary reason and is tried again.
        case postponed(key: String, reason: String)
        /// A newer push superseded it.
        case superseded(key: String, by: String)
        /// It was cancelled.
        case cancelled(key: String)
    }

    let repository: FilePath
    let state: StateDirectory

    /// Creates a follower of a repository's queue.
    package init(repository: FilePath, state: StateDirectory) {
        self.repository = repository
        self.state = state
    }

    /// The polling interval: short enough to appear live, long enough to cost
    /// nothing.
    private static let interval = Duration.milliseconds(300)

    /// Reports what happens to entries until all of them have ended.
    ///
    /// - Parameter tell: called with each event; returns false when the pusher
    ///   is no longer listening, which ends the call.
    /// - Returns: whether all of them were built.
    /// - Throws: ``GitError``; `CancellationError`.
    package func follow(
        _ outcomes: [QueueFeeder.Outcome], tell: (News) -> Bool
    ) async throws -> Bool {
        // The entries as they were queued: an idle worker may already have
        // claimed and even finished one.
        var followed = outcomes.compactMap(\.entry).map { FollowedEntry($0) }
        var isClean = true
        var warned = false
        while !followed.isEmpty {
            // Opened in each iteration: a repository must not be held across a
            // suspension.
            let queue = BuildQueue(try Repository.open(repository, trustsOwner: true))
            for index in followed.indices {
                guard try followed[index].look(queue, state, tell) else { return false }
            }
            isClean = isClean && followed.allSatisfy { $0.isClean }
            followed.removeAll { $0.hasEnded }
            let isIdle = followed.allSatisfy { $0.build == nil }
            if !followed.isEmpty, isIdle {
                if let pause = try queue.pause() {
                    _ = tell(.paused(pause))
                    return false
                }
                if !warned, !hasWorker() {
                    warned = true
                    guard tell(.noWorker) else { return false }
                }
            }
            if !followed.isEmpty { try await Task.sleep(for: Self.interval) }
        }
        return isClean
    }

    /// Whether a worker is running on this machine.
    private func hasWorker() -> Bool {
        guard let lock = try? FileLock.tryLock(BuildQueue.presence(in: state)) else { return true }
        _ = consume lock
        return false
    }
}
