package import Engines
internal import Exec
internal import Files
internal import Git
package import Records
package import Sites
internal import SystemPackage

/// Compares the copies in the state directory that jobs mount with the ids they
/// were made from: trees of the site's repository, and ebuild repositories at a
/// revision.
package struct CopyCheck: Sendable {
    private let state: StateDirectory
    private let privileges: Privileges

    /// Creates a check of one machine's state directory.
    package init(state: StateDirectory, privileges: Privileges) {
        self.state = state
        self.privileges = privileges
    }

    /// Returns the copies that differ from their originals. A copy whose commit
    /// git no longer has cannot be checked and is left out.
    ///
    /// - Throws: `FileError`, `GitError`, ``ZentooError``, `CancellationError`.
    package func altered() async throws -> [AlteredCopy] {
        var found: [AlteredCopy] = []
        for name in try Directory.names(in: trees) {
            guard let id = ObjectID(hex: name.string) else { continue }
            try Task.checkCancellation()
            if try DirectoryTree.id(of: trees.appending(name)) != id {
                found.append(
                    AlteredCopy(path: "cache/trees/\(name.string)", original: "tree \(id)"))
            }
        }
        for copy in try store.list() where try await isAltered(copy) {
            found.append(
                AlteredCopy(
                    path: "repos/\(copy.name)/\(copy.revision.fileName)",
                    original: "repository '\(copy.name)' at \(copy.revision)"))
        }
        return found
    }

    /// Removes a copy; it is recreated when it is needed.
    ///
    /// - Throws: `EngineError`.
    package func remove(_ copy: AlteredCopy) async throws {
        try await privileges.removeTree(state.path.pushing(FilePath(copy.path)))
    }

    private var trees: FilePath { state.cache.appending("trees") }

    private var store: RepositoryStore {
        RepositoryStore(state: state, privileges: privileges)
    }

    private func isAltered(_ copy: RepositoryStore.Copy) async throws -> Bool {
        guard let tree = store.tree(of: copy.name, copy.revision) else { return false }
        switch copy.revision {
        case .content(let digest):
            let said = try await Tool.run(TreeArchive(kind: .repository).digest(of: tree))
            return !said.status.isSuccess || !said.text.hasPrefix(digest.description)
        case .commit(let id):
            let cache = RepositoryCache(
                name: copy.name, location: "", directory: store.gitDirectory(of: copy.name),
                environment: store.gitEnvironment)
            guard try FileStatus.of(cache.directory) != nil,
                let expected = try await cache.tree(of: id)
            else { return false }
            if try DirectoryTree.id(of: tree) == expected { return false }
            let links = try await cache.gitlinks(in: expected)
            return try DirectoryTree.id(of: tree, gitlinks: links) != expected
        }
    }
}
