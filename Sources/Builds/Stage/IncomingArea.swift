package import Engines
internal import Files
package import SystemPackage

/// Where something is made before it is shown: `.incoming-XXXXXX` beside its
/// place, so that showing it is one rename.
///
/// As long as its maker lives it holds the lock of the directory; a directory
/// whose lock is free was left by one that died, and goes with the next
/// ``sweep()``.
package struct IncomingArea: Sendable {
    /// What the names of such areas begin with.
    package static let prefix = ".incoming-"

    let parent: FilePath
    let privileges: Privileges

    /// The area below a directory.
    package init(parent: FilePath, privileges: Privileges) {
        self.parent = parent
        self.privileges = privileges
    }

    /// Runs `body` with a fresh directory that is gone afterwards.
    ///
    /// When the task is cancelled nothing can be run any more, also not what
    /// removes the directory: it is then left for ``sweep()``.
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

    /// Removes what makers who died left behind.
    package func sweep() async throws {
        let names = try Directory.names(in: parent)
            .filter { $0.string.hasPrefix(Self.prefix) }
        if names.isEmpty { return }
        // Makers hold the gate from making the directory to locking it.
        let gate = try await FileLock.lock(gatePath)
        for name in names {
            let directory = parent.appending(name)
            // Its maker may be clearing it away this moment: no reason to fail.
            guard (try? FileStatus.of(directory))?.kind == .directory,
                let lock = try? FileLock.tryLock(lockPath(directory))
            else { continue }
            try? await privileges.removeTree(directory)
            _ = consume lock
        }
        _ = consume gate
    }

    /// The directories below `parent` whose makers have died.
    ///
    /// - Throws: `FileError`.
    package static func abandoned(in parent: FilePath) throws -> [FilePath] {
        guard try FileStatus.of(parent)?.kind == .directory else { return [] }
        return try Directory.names(in: parent).map { parent.appending($0) }.filter { path in
            guard path.lastComponent?.string.hasPrefix(prefix) == true,
                try FileStatus.of(path)?.kind == .directory
            else { return false }
            // One without a lock is being made, or was when its maker died.
            let lock = path.appending("lock")
            guard try FileStatus.of(lock) != nil else { return true }
            return try FileLock.tryLock(lock) != nil
        }
    }

    private var gatePath: FilePath { parent.appending(".lock") }

    private func lockPath(_ directory: FilePath) -> FilePath { directory.appending("lock") }
}
