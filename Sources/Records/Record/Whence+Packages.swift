internal import Git
package import Sites

extension Whence {
    /// Returns whether a build is recorded to have made or found a file with
    /// this content.
    ///
    /// - Throws: ``GitError``.
    package func contains(_ sha256: SHA256Digest) throws -> Bool {
        let path = Self.path(of: sha256)
        if unstored[path] != nil { return true }
        return try tree.flatMap { try repository.entry(in: $0, path) } != nil
    }

    /// Returns the build that made a file with this content; if none is known,
    /// those that found it in the pool, oldest first.
    ///
    /// - Throws: ``GitError``.
    package func origins(of sha256: SHA256Digest) throws -> [PackageOrigin] {
        PackageOrigin.makers(among: try entries(of: sha256))
    }

    /// Returns the digests that begin with `prefix`, sorted; none for fewer
    /// than ``shortestPrefix`` digits.
    ///
    /// - Throws: ``GitError``.
    package func digests(beginningWith prefix: String) throws -> [SHA256Digest] {
        guard prefix.utf8.count >= Self.shortestPrefix, SHA256Digest.isPrefix(prefix) else {
            return []
        }
        let directory = Self.path(
            Self.digestDirectory, String(prefix.prefix(2)), String(prefix.dropFirst(2).prefix(2)))
        return try names(in: directory).filter { $0.hasPrefix(prefix) }
            .compactMap { SHA256Digest($0) }
    }

    /// Returns the builds that made a version, or those that found it if none
    /// is known to have made it, by number, then oldest first.
    ///
    /// - Throws: ``GitError``.
    package func origins(of cpv: CPV) throws -> [PackageOrigin] {
        PackageOrigin.makers(among: try entries(of: cpv))
    }

    /// Returns the same for several versions, in their order.
    func origins(of versions: [CPV]) throws -> [PackageOrigin] {
        try concurrentMap(versions) { try $1.origins(of: $0) }.flatMap { $0 }
    }

    /// Returns all entries of files with this content, oldest first.
    func entries(of sha256: SHA256Digest) throws -> [PackageOrigin] {
        try entries(at: Self.path(of: sha256))
    }

    /// Returns all entries of a version's files, by number, then oldest first.
    func entries(of cpv: CPV) throws -> [PackageOrigin] {
        try allLines(in: Self.directory(of: cpv))
            .compactMap { PackageOrigin($0) }
            .sorted { ($0.buildNumber, $0.build) < ($1.buildNumber, $1.build) }
    }

    /// Returns all entries of the file at a path in the pool, oldest first.
    package func entries(of path: PoolPath) throws -> [PackageOrigin] {
        try entries(of: path.cpv).filter { $0.path == path }
    }

    /// Returns the versions of a package that builds made or found, sorted.
    ///
    /// - Parameter category: the category to search; all if nil.
    /// - Throws: ``GitError``.
    package func versions(of name: String, in category: String? = nil) throws -> [CPV] {
        let categories = try category.map { [$0] } ?? names(in: TreePath(Self.packageDirectory))
        return try categories.flatMap { category in
            try names(in: Self.path(Self.packageDirectory, category, name))
                .compactMap { CPV(category: category, nameAndVersion: "\(name)-\($0)") }
        }.sorted()
    }

    /// The minimum number of digits in the prefix of a digest.
    package static let shortestPrefix = 6

    private func entries(at path: TreePath) throws -> [PackageOrigin] {
        try lines(at: path).compactMap { PackageOrigin($0) }
    }
}
