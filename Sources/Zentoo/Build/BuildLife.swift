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
        var lock = try await FileLock.lock(path)
        // Whoever took it for a dead build's has removed the file in between.
        while try !lock.isOf(path) { lock = try await FileLock.lock(path) }
        defer { try? FileContent.remove(path) }
        let result = try await body()
        _ = consume lock
        return result
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

    /// The same for those who only look: a dead build's lock stays.
    static func isHeld(_ build: BuildID, in state: StateDirectory) throws -> Bool {
        let path = path(of: build, in: state)
        guard try FileStatus.of(path) != nil else { return false }
        return try FileLock.tryLock(path) == nil
    }

    /// The build whose lock lies at a path; nil for another file.
    static func build(ofLock path: FilePath) -> BuildID? {
        guard let name = path.lastComponent?.string, name.hasPrefix(prefix) else { return nil }
        return BuildID(String(name.dropFirst(prefix.count)))
    }

    static let prefix = "build-"

    private static func path(of build: BuildID, in state: StateDirectory) -> FilePath {
        state.locks.appending("\(prefix)\(build)")
    }
}
