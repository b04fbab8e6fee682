internal import Files
package import Sites
package import SystemPackage

/// Marks a build as running on this machine: a lock that the kernel releases
/// when the process ends.
package enum BuildLife {
    /// Calls `body` while the build counts as running.
    package static func during<Result>(
        _ build: BuildID, in state: StateDirectory, body: () async throws -> Result
    ) async throws -> Result {
        try Directory.create(state.locks)
        let path = path(of: build, in: state)
        var lock = try await FileLock.lock(path)
        // A process that took it for a dead build's lock may have removed the
        // file.
        while try !lock.isOf(path) { lock = try await FileLock.lock(path) }
        defer { try? FileContent.remove(path) }
        let result = try await body()
        _ = consume lock
        return result
    }

    /// Returns whether the build runs on this machine; removes the lock of a
    /// dead build.
    package static func isRunning(_ build: BuildID, in state: StateDirectory) throws -> Bool {
        let path = path(of: build, in: state)
        guard try FileStatus.of(path) != nil else { return false }
        guard try FileLock.tryLock(path) != nil else { return true }
        try FileContent.remove(path)
        return false
    }

    /// Returns whether the build runs on this machine, without removing the
    /// lock of a dead build.
    package static func isHeld(_ build: BuildID, in state: StateDirectory) throws -> Bool {
        let path = path(of: build, in: state)
        guard try FileStatus.of(path) != nil else { return false }
        return try FileLock.tryLock(path) == nil
    }

    /// Returns the build of the lock at a path; nil for another file.
    package static func build(ofLock path: FilePath) -> BuildID? {
        guard let name = path.lastComponent?.string, name.hasPrefix(prefix) else { return nil }
        return BuildID(String(name.dropFirst(prefix.count)))
    }

    static let prefix = "build-"

    private static func path(of build: BuildID, in state: StateDirectory) -> FilePath {
        state.locks.appending("\(prefix)\(build)")
    }
}
