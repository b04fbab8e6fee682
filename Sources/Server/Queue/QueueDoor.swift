internal import Files
internal import Git
internal import Sites
internal import SystemPackage

/// The one file of the queue that is none of git's, in the git directory.
///
/// Who adds to the queue holds it locked, so that two pushes are compared with
/// what was queued before one after the other; and whoever closes it wakes the
/// workers that watch it.
struct QueueDoor {
    let path: FilePath

    init(_ repository: Repository) {
        path = repository.commonDirectory.appending("zentoo-queue")
    }

    /// Longer than any push takes with it, shorter than a person waits.
    static let patience = Duration.seconds(20)

    /// Does `body` while nobody else adds to the queue.
    ///
    /// - Throws: ``ZentooError`` when somebody holds it for too long.
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

    /// Wakes the workers: something of the queue has changed.
    func ring() {
        if let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) {
            try? file.close()
        }
    }
}
