internal import Exec
internal import Files
internal import Sites
internal import SystemPackage

extension RepositoryStore {
    private static let archiveName = "archive"

    /// Returns the cache of a repository, which is created if it is missing.
    func cache(of name: ZentooName, location: String) async throws -> RepositoryCache {
        let cache = RepositoryCache(
            name: name, location: location, directory: gitDirectory(of: name),
            environment: gitEnvironment)
        if try FileStatus.of(cache.directory) == nil {
            try await area(of: name).with { directory in
                let made = try await cache.create(in: directory)
                try moveIntoPlace(made, cache.directory)
            }
        }
        return cache
    }

    /// Exports the tree of a commit to its path in the store.
    func export(
        _ id: String, branch: String?, from cache: RepositoryCache, of pin: RepositoryPin
    ) async throws {
        try await cache.require(id, branch: branch)
        let area = area(of: pin.name)
        try await area.sweep()
        try await area.with { directory in
            let archive = directory.appending(Self.archiveName)
            try await cache.archive(id, to: archive)
            let made = try await unpack(archive, in: directory, name: pin.name)
            _ = try layout(of: made).masters(of: pin.name, at: cache.location)
            try await publish(made, pin.name, pin.revision)
        }
    }

    /// Copies a directory; the digest of its content is its revision.
    ///
    /// - Parameter expected: the required content; nil for any.
    func snapshot(
        _ name: ZentooName, _ path: FilePath, expected: SHA256Digest?
    ) async throws -> RepositoryPin {
        guard try FileStatus.of(path, followingLinks: true)?.kind == .directory else {
            throw RepositoryError(
                .notFound, "repository '\(name)' not found: '\(path)' is no directory",
                hints: [
                    "name another place on this machine with 'git config zentoo.\(name).source PATH'"
                ])
        }
        let area = area(of: name)
        try await area.sweep()
        return try await area.with { directory in
            let archive = directory.appending(Self.archiveName)
            let packed = try await Tool.run(
                TreeArchive(kind: .repository).pack(path, into: archive))
            guard packed.status.isSuccess else {
                throw RepositoryError(.fetch, "cannot read '\(path)': \(Tool.reason(packed))")
            }
            let digest = try await Checksum.sha256(of: Self.archiveName, in: directory)
            if let expected, expected != digest {
                throw RepositoryError(
                    .contentMismatch,
                    "repository '\(name)' at '\(path)' is 'sha256:\(digest)', "
                        + "the pinned content is 'sha256:\(expected)'",
                    hints: [
                        "pin what it is now with 'git zentoo sync \(name)'",
                        "name a place that has the pinned content with "
                            + "'git config zentoo.\(name).source PATH'",
                    ])
            }
            let revision = RepositoryRevision.content(digest)
            let made = try await unpack(archive, in: directory, name: name)
            // Read from the copy: the directory may have changed meanwhile.
            let masters = try layout(of: made).masters(of: name, at: path.string)
            try await publish(made, name, revision)
            return RepositoryPin(name: name, revision: revision, masters: masters)
        }
    }

    private func unpack(
        _ archive: FilePath, in directory: FilePath, name: ZentooName
    ) async throws -> FilePath {
        let made = directory.appending("new")
        let tree = made.appending("tree")
        try Directory.create(tree)
        let completion = try await Tool.run(
            TreeArchive(kind: .repository).unpack(archive, into: tree))
        guard completion.status.isSuccess else {
            throw RepositoryError(
                .fetch, "cannot copy repository '\(name)': \(Tool.reason(completion))")
        }
        return made
    }

    private func layout(of made: FilePath) throws -> RepositoryLayout {
        let tree = made.appending("tree")
        return RepositoryLayout(
            repoName: try FileContent.read(tree.pushing(FilePath(RepositoryLayout.namePath))),
            layoutConf: try FileContent.read(tree.pushing(FilePath(RepositoryLayout.layoutPath))))
    }

    /// Renames a new copy to its final path once it is on disk.
    private func publish(
        _ made: FilePath, _ name: ZentooName, _ revision: RepositoryRevision
    ) async throws {
        try await Tool.run(Invocation("sync", ["--file-system", "--", made.string])).orThrow()
        try moveIntoPlace(made, path(of: name, revision).removingLastComponent())
        try Directory.synchronize(folder(of: name))
    }

    private func moveIntoPlace(_ made: FilePath, _ place: FilePath) throws {
        do {
            try Directory.move(made, to: place)
        } catch let error as FileError {
            // Another process has created the same content meanwhile.
            guard [.directoryNotEmpty, .fileExists].contains(error.errno) else { throw error }
        }
    }
}
