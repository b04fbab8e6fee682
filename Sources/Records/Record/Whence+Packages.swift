internal import Git
package import Sites

extension Whence {
    /// Whether some build is known to have made, or found, a file of this content.
    ///
    /// - Throws: ``GitError``.
    package func contains(_ sha256: SHA256Digest) throws -> Bool {
        let path = Self.path(of: sha256)
        if unstored[path] != nil { return true }
        return try tree.flatMap { try repository.entry(in: $0, path) } != nil
    }

    /// The build that made a file of this content; where none is known, those
    /// that found it in the pool, oldest first.
    ///
    /// - Throws: ``GitError``.
    package func origins(of sha256: SHA256Digest) throws -> [PackageOrigin] {
        PackageOrigin.makers(among: try entries(of: sha256))
    }

    /// The digests that begin with `prefix`, sorted; none for fewer than
    /// ``shortestPrefix`` digits.
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

    /// The builds that made a version, or found it where nobody is known to have
    /// made it, by number and then oldest first.
    ///
    /// - Throws: ``GitError``.
    package func origins(of cpv: CPV) throws -> [PackageOrigin] {
        PackageOrigin.makers(among: try entries(of: cpv))
    }

    /// All that builds have said of files of this content, oldest first.
    func entries(of sha256: SHA256Digest) throws -> [PackageOrigin] {
        try entries(at: Self.path(of: sha256))
    }

    /// All that builds have said of a version's files, by number and then oldest
    /// first.
    func entries(of cpv: CPV) throws -> [PackageOrigin] {
        try allLines(in: Self.directory(of: cpv))
            .flatMap { $0.lines.compactMap { PackageOrigin($0) } }
            .sorted { ($0.buildNumber, $0.build) < ($1.buildNumber, $1.build) }
    }

    /// All that builds have said of the file at a path of the pool, oldest first.
    package func entries(of path: PoolPath) throws -> [PackageOrigin] {
        try entries(of: path.cpv).filter { $0.path == path }
    }

    /// The versions of a package that builds have made or found, sorted.
    ///
    /// - Parameter category: where to look; everywhere when nil.
    /// - Throws: ``GitError``.
    package func versions(of name: String, in category: String? = nil) throws -> [CPV] {
        let categories = try category.map { [$0] } ?? names(in: TreePath(Self.packageDirectory))
        return try categories.flatMap { category in
            try names(in: Self.path(Self.packageDirectory, category, name))
                .compactMap { CPV(category: category, nameAndVersion: "\(name)-\($0)") }
        }.sorted()
    }

    /// The fewest digits by which a digest may be asked for.
    package static let shortestPrefix = 6

    private func entries(at path: TreePath) throws -> [PackageOrigin] {
        try lines(at: path).compactMap { PackageOrigin($0) }
    }
}
