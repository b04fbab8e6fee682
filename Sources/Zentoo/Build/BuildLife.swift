internal import Engines
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

    /// Does `body` while something of its own id counts as running, and takes
    /// away what its jobs handed out when it has ended, however it ended.
    static func during<Result>(
        _ build: BuildID, on machine: Machine, body: (BuildID) async throws -> Result
    ) async throws -> Result {
        try await during(build, in: machine.state) {
            let results = machine.state.results.appending(build.description)
            do {
                let result = try await body(build)
                try await machine.privileges.removeTree(results)
                return result
            } catch {
                try? await machine.privileges.removeTree(results)
                throw error
            }
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
