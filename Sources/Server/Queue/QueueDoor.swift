internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// The lock and notification file of the queue, in the git directory; the only
/// file of the queue that is not managed by git.
///
/// A process that adds to the queue holds the lock, so that two pushes are
/// compared with what was queued before one after the other. Closing the file
/// wakes the workers that watch it.
struct QueueDoor {
    let path: FilePath

    init(_ repository: Repository) {
        path = repository.commonDirectory.appending("zentoo-queue")
    }

    /// The time to wait for the lock: longer than any push holds it, shorter
    /// than a user waits.
    static let patience = Duration.seconds(20)

    /// Runs `body` while holding the lock.
    ///
    /// - Throws: ``ZentooError`` when another process holds it for too long.
    func holding<Result>(_ body: () throws -> Result) async throws -> Result {
        let start = ContinuousClock.now
        while true {
            if let lock = try FileLock.tryLock(path) {
                let result = try body()
                _ = consume lock
                return result
            }
            guard ContinuousClock.now - start < Self.patience else {
                throw ZentooError(
                    .busy, "another push keeps the queue locked",
                    hints: ["what was pushed is found and queued by the worker, or the next push"])
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Notifies the workers that the queue has changed.
    func ring() {
        if let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) {
            try? file.close()
        }
    }
}
