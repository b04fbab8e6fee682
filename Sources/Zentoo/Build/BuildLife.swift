internal import Files
internal import SystemPackage

/// The sign that a build is running on this machine: a lock that ends with
/// the process, so that the dead are told from the living.
enum BuildLife {
    /// Does `body` while the build counts as running.
    static func during<Result>(
        _ build: BuildID, in state: StateDirectory, body: () async throws -> Result
    ) async throws -> Result {
        try Directory.create(state.locks)
        let path = path(of: build, in: state)
        return try await FileLock.holding(path) {
            defer { try? FileContent.remove(path) }
            return try await body()
        }
    }

    /// Whether the build runs on this machine now.
    static func isRunning(_ build: BuildID, in state: StateDirectory) throws -> Bool {
        let path = path(of: build, in: state)
        guard try FileStatus.of(path) != nil else { return false }
        guard try FileLock.tryLock(path) != nil else { return true }
        try FileContent.remove(path)
        return false
    }

    private static func path(of build: BuildID, in state: StateDirectory) -> FilePath {
        state.locks.appending("build-\(build)")
    }
}
