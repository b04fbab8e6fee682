internal import Files
package import Sites
package import SystemPackage

/// The sign that a build is running on this machine: a lock that ends with
/// the process, so that the dead are told from the living.
package enum BuildLife {
    /// Does `body` while the build counts as running.
    package static func during<Result>(
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

    /// Whether the build runs on this machine now.
    package static func isRunning(_ build: BuildID, in state: StateDirectory) throws -> Bool {
        let path = path(of: build, in: state)
        guard try FileStatus.of(path) != nil else { return false }
        guard try FileLock.tryLock(path) != nil else { return true }
        try FileContent.remove(path)
        return false
    }

    /// The same for those who only look: a dead build's lock stays.
    package static func isHeld(_ build: BuildID, in state: StateDirectory) throws -> Bool {
        let path = path(of: build, in: state)
        guard try FileStatus.of(path) != nil else { return false }
        return try FileLock.tryLock(path) == nil
    }

    /// The build whose lock lies at a path; nil for another file.
    package static func build(ofLock path: FilePath) -> BuildID? {
        guard let name = path.lastComponent?.string, name.hasPrefix(prefix) else { return nil }
        return BuildID(String(name.dropFirst(prefix.count)))
    }

    static let prefix = "build-"

    private static func path(of build: BuildID, in state: StateDirectory) -> FilePath {
        state.locks.appending("\(prefix)\(build)")
    }
}
