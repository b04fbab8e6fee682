internal import Files
internal import Git
package import Sites
package import SystemPackage

/// Watches what one push queued until all of it has ended: for a pusher who
/// waits (`git push -o zentoo.wait`).
package struct QueueFollower: Sendable {
    /// Something to tell the pusher.
    package enum News: Sendable, Hashable {
        /// No worker is there to build it.
        case noWorker
        /// Nothing is begun any more; there is no use in waiting.
        case paused(QueuePause)
        /// A worker builds it.
        case began(key: String, worker: String)
        /// A line of the build's log.
        case line(key: String, [UInt8])
        /// It is built, and this is its tag.
        case built(key: String, tag: String?)
        /// It is not.
        case failed(key: String, reason: String, hints: [String], log: String?)
        /// Something that may pass was in the way; it is tried again.
        case postponed(key: String, reason: String)
        /// A newer push took its place.
        case superseded(key: String, by: String)
        /// Somebody cancelled it.
        case cancelled(key: String)
    }

    let repository: FilePath
    let state: StateDirectory

    /// Follows the queue of a repository.
    package init(repository: FilePath, state: StateDirectory) {
        self.repository = repository
        self.state = state
    }

    /// Short enough to look alive, long enough to cost nothing.
    private static let interval = Duration.milliseconds(300)

    /// Tells what becomes of entries until they have ended.
    ///
    /// - Parameter tell: told each piece of news; false when nobody listens any
    ///   more, which ends it.
    /// - Returns: whether all of them were built.
    /// - Throws: ``GitError``; `CancellationError`.
    package func follow(
        _ outcomes: [QueueFeeder.Outcome], tell: (News) -> Bool
    ) async throws -> Bool {
        // As they were queued: an idle worker may have taken one, and even ended it,
        // before anybody looks.
        var followed = outcomes.compactMap(\.entry).map { FollowedEntry($0) }
        var isClean = true
        var warned = false
        while !followed.isEmpty {
            // Opened anew, since it may not be kept while one waits.
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

    /// Whether a worker of this machine is there.
    private func hasWorker() -> Bool {
        guard let lock = try? FileLock.tryLock(BuildQueue.presence(in: state)) else { return true }
        _ = consume lock
        return false
    }
}
