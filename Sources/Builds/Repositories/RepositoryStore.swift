package import Engines
internal import Exec
internal import Files
internal import Git
package import Sites
package import SystemPackage

/// The ebuild repositories this machine has: `repos/<name>/<revision>/tree` in
/// the state directory, one whole copy a revision, never changed, and
/// `repos/<name>/git`, what was fetched from a git repository so far.
package struct RepositoryStore: Sendable {
    let state: StateDirectory
    let privileges: Privileges
    let gitEnvironment: [String: String]

    /// The repositories below a state directory; nothing is made yet.
    ///
    /// - Parameters:
    ///   - gitEnvironment: what git is given to fetch with: HOME, proxies,
    ///     SSH_AUTH_SOCK.
    package init(
        state: StateDirectory, privileges: Privileges,
        gitEnvironment: [String: String] = Invocation.basicEnvironment
    ) {
        self.state = state
        self.privileges = privileges
        self.gitEnvironment = gitEnvironment
    }

    /// What a source holds now.
    ///
    /// A commit is fetched, a directory copied, so that what the pin says can
    /// be had here later, whatever the source becomes.
    ///
    /// - Throws: ``RepositoryError``; ``ZentooError`` when a program is
    ///   missing; `FileError`; `CancellationError`.
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

    /// The repository at a revision, made from its source where it is not
    /// here yet; to be read only.
    ///
    /// A pinned commit is also found in a directory that is a git repository.
    ///
    /// - Throws: as ``resolve(name:source:)``; in particular when the source
    ///   does not have the revision (any more).
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

    /// A repository at a revision, if it is here.
    package func tree(of name: ZentooName, _ revision: RepositoryRevision) -> FilePath? {
        let tree = path(of: name, revision)
        return tree.isDirectory ? tree : nil
    }

    /// Where Portage keeps what it worked out about the ebuilds
    /// (`/var/cache/edb/dep`) as long as exactly these revisions are used.
    ///
    /// - Throws: `GitError`.
    package func depcache(for pins: [RepositoryPin]) throws -> FilePath {
        let lines = Set(pins.map { "\($0.name) \($0.revision)\n" }).sorted()
        let key = try ObjectID(ofBlob: lines.joined().utf8)
        return state.cache.appending("edb").appending("\(key)")
    }

    // MARK: What is here

    /// A copy in the store.
    package struct Copy: Sendable, Hashable {
        /// The repository.
        package let name: ZentooName
        /// Its content.
        package let revision: RepositoryRevision
    }

    /// All copies here, by name.
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

    /// Takes a copy out of the store, and lets git forget the commit. Whoever
    /// still works on it must have been asked before.
    ///
    /// - Throws: `FileError`; ``ZentooError`` when a program is missing.
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

    // MARK: Places

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
    /// Whether a directory lies here, links followed.
    fileprivate var isDirectory: Bool {
        (try? FileStatus.of(self, followingLinks: true))?.kind == .directory
    }
}
