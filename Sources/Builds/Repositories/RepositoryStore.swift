package import Engines
internal import Exec
internal import Files
internal import Git
package import Sites
package import SystemPackage

/// The ebuild repositories on this machine, in the state directory:
/// `repos/<name>/<revision>/tree`, a complete copy of each revision that never
/// changes, and `repos/<name>/git`, the fetched revisions of a git repository.
package struct RepositoryStore: Sendable {
    let state: StateDirectory
    let privileges: Privileges
    let gitEnvironment: [String: String]

    /// Creates the store of a state directory, without writing anything.
    ///
    /// - Parameters:
    ///   - gitEnvironment: the environment in which git fetches: HOME, proxies,
    ///     SSH_AUTH_SOCK.
    package init(
        state: StateDirectory, privileges: Privileges,
        gitEnvironment: [String: String] = Invocation.basicEnvironment
    ) {
        self.state = state
        self.privileges = privileges
        self.gitEnvironment = gitEnvironment
    }

    /// Determines the current revision of a source.
    ///
    /// A commit is fetched and a directory copied, so that the pinned revision
    /// is available here later, even if the source changes.
    ///
    /// - Throws: ``RepositoryError``; ``ZentooError`` if a program is missing;
    ///   `FileError`; `CancellationError`.
    package func resolve(
        name: ZentooName, source: RepositorySource
    ) async throws -> RepositoryPin {
        switch source {
        case .git(let location, let branch):
            let cache = try await cache(of: name, location: location)
            let id = try await cache.fetch(branch: branch)
            let layout = RepositoryLayout(
                repoName: try await cache.file(RepositoryLayout.namePath, at: id),
                layoutConf: try await cache.file(RepositoryLayout.layoutPath, at: id))
            return RepositoryPin(
                name: name, revision: .commit(id),
                masters: try layout.masters(of: name, at: location))
        case .directory(let path):
            return try await snapshot(name, path, expected: nil)
        }
    }

    /// Returns the read-only tree of a repository at a revision, which is
    /// created from its source if it is missing.
    ///
    /// A pinned commit is also found in a directory that is a git repository.
    ///
    /// - Throws: as ``resolve(name:source:)``; in particular if the source does
    ///   not have the revision or no longer has it.
    package func materialize(
        _ pin: RepositoryPin, source: RepositorySource
    ) async throws -> FilePath {
        let tree = path(of: pin.name, pin.revision)
        if tree.isDirectory { return tree }
        switch (pin.revision, source) {
        case (.commit(let id), .git(let location, let branch)):
            let cache = try await cache(of: pin.name, location: location)
            try await export(id, branch: branch, from: cache, of: pin)
        case (.commit(let id), .directory(let path)):
            let cache = try await cache(of: pin.name, location: path.string)
            try await export(id, branch: nil, from: cache, of: pin)
        case (.content(let digest), .directory(let path)):
            _ = try await snapshot(pin.name, path, expected: digest)
        case (.content, .git(let location, _)):
            throw RepositoryError(
                .noRevision,
                "repository '\(pin.name)' is pinned at the content of a directory, not at a "
                    + "commit of '\(location)'",
                hints: ["pin it anew with 'git zentoo sync \(pin.name)'"])
        }
        return tree
    }

    /// Returns the tree of a repository at a revision; nil if it is missing.
    package func tree(of name: ZentooName, _ revision: RepositoryRevision) -> FilePath? {
        let tree = path(of: name, revision)
        return tree.isDirectory ? tree : nil
    }

    /// Returns the directory of Portage's metadata cache (`/var/cache/edb/dep`)
    /// for exactly these revisions.
    ///
    /// - Throws: `GitError`.
    package func depcache(for pins: [RepositoryPin]) throws -> FilePath {
        let lines = Set(pins.map { "\($0.name) \($0.revision)\n" }).sorted()
        let key = try ObjectID(ofBlob: lines.joined().utf8)
        return state.cache.appending("edb").appending("\(key)")
    }

    // MARK: Copies

    /// A copy in the store.
    package struct Copy: Sendable, Hashable {
        /// The repository.
        package let name: ZentooName
        /// Its revision.
        package let revision: RepositoryRevision
    }

    /// Returns all copies, by name.
    ///
    /// - Throws: `FileError`.
    package func list() throws -> [Copy] {
        var copies: [Copy] = []
        for folder in try Directory.names(in: state.repositories) {
            guard let name = try? ZentooName(folder.string) else { continue }
            copies += try Directory.names(in: self.folder(of: name)).compactMap { child in
                RepositoryRevision(fileName: child.string).map { Copy(name: name, revision: $0) }
            }
        }
        return copies
    }

    /// Removes a copy from the store, and releases its commit to git's garbage
    /// collection. The caller must check that no build uses it.
    ///
    /// - Throws: `FileError`; ``ZentooError`` if a program is missing.
    package func remove(_ copy: Copy) async throws {
        let area = area(of: copy.name)
        try await area.sweep()
        let made = path(of: copy.name, copy.revision).removingLastComponent()
        if made.isDirectory {
            try await area.with { try Directory.move(made, to: $0.appending("removed")) }
        }
        let git = gitDirectory(of: copy.name)
        if case .commit(let id) = copy.revision, git.isDirectory {
            try await RepositoryCache(
                name: copy.name, location: "", directory: git, environment: gitEnvironment
            ).forget(id)
        }
    }

    // MARK: Paths

    func folder(of name: ZentooName) -> FilePath { state.repository(name) }

    func gitDirectory(of name: ZentooName) -> FilePath { folder(of: name).appending("git") }

    func path(of name: ZentooName, _ revision: RepositoryRevision) -> FilePath {
        state.repository(name, at: revision)
    }

    func area(of name: ZentooName) -> IncomingArea {
        IncomingArea(parent: folder(of: name), privileges: privileges)
    }
}

extension FilePath {
    /// Whether a directory exists here; symbolic links are followed.
    fileprivate var isDirectory: Bool {
        (try? FileStatus.of(self, followingLinks: true))?.kind == .directory
    }
}
