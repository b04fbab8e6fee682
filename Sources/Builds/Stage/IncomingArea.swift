package import Engines
internal import Files
package import SystemPackage

/// Temporary directories named `.incoming-XXXXXX`, beside the final path so
/// that one rename publishes the content.
///
/// The process that creates a directory holds its lock as long as it runs; a
/// directory whose lock is free was left by a killed process and is removed by
/// the next ``sweep()``.
package struct IncomingArea: Sendable {
    /// The prefix of the names of such directories.
    package static let prefix = ".incoming-"

    let parent: FilePath
    let privileges: Privileges

    /// Creates the area of a parent directory.
    package init(parent: FilePath, privileges: Privileges) {
        self.parent = parent
        self.privileges = privileges
    }

    /// Runs `body` with a new directory that is removed afterwards.
    ///
    /// If the task is cancelled, no program can be run to remove the directory:
    /// it is then left for ``sweep()``.
    func with<Result: Sendable>(
        _ body: (_ directory: FilePath) async throws -> Result
    ) async throws -> Result {
        try Directory.create(parent)
        let gate = try await FileLock.lock(gatePath)
        let directory = try Directory.createTemporary(prefix: parent.appending(Self.prefix))
        let lock = try FileLock.tryLock(lockPath(directory))
        _ = consume gate
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(directory))
        } catch {
            outcome = .failure(error)
        }
        try? await privileges.removeTree(directory)
        _ = consume lock
        return try outcome.get()
    }

    /// Removes the directories that killed processes left.
    package func sweep() async throws {
        let names = try Directory.names(in: parent)
            .filter { $0.string.hasPrefix(Self.prefix) }
        if names.isEmpty { return }
        // This lock is also held from the creation of a directory to its
        // locking.
        let gate = try await FileLock.lock(gatePath)
        for name in names {
            let directory = parent.appending(name)
            // The process that created it may be removing it now: not an error.
            guard (try? FileStatus.of(directory))?.kind == .directory,
                let lock = try? FileLock.tryLock(lockPath(directory))
            else { continue }
            try? await privileges.removeTree(directory)
            _ = consume lock
        }
        _ = consume gate
    }

    /// Returns the directories in `parent` left by killed processes.
    ///
    /// - Throws: `FileError`.
    package static func abandoned(in parent: FilePath) throws -> [FilePath] {
        guard try FileStatus.of(parent)?.kind == .directory else { return [] }
        return try Directory.names(in: parent).map { parent.appending($0) }.filter { path in
            guard path.lastComponent?.string.hasPrefix(prefix) == true,
                try FileStatus.of(path)?.kind == .directory
            else { return false }
            // One without a lock is being created, or its process was killed
            // while it created it.
            let lock = path.appending("lock")
            guard try FileStatus.of(lock) != nil else { return true }
            return try FileLock.tryLock(lock) != nil
        }
    }

    private var gatePath: FilePath { parent.appending(".lock") }

    private func lockPath(_ directory: FilePath) -> FilePath { directory.appending("lock") }
}
