package import Git
internal import Sites

/// The set of files in the pool that are named by a record.
package struct RecordedPaths {
    private let whence: Whence

    /// - Throws: ``GitError``.
    package init(_ repository: Repository) throws { whence = try Whence(repository) }

    init(_ whence: Whence) { self.whence = whence }

    /// Returns whether a record names a file, by path in the pool.
    ///
    /// - Throws: ``GitError``.
    package func contains(_ path: String) throws -> Bool {
        guard let path = PoolPath(path) else { return false }
        return try !whence.entries(of: path).isEmpty
    }
}
