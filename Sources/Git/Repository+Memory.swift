internal import CGit2

extension Repository {
    /// The same repository once more, with new objects in memory: for whoever
    /// computes ids and compares trees, and wants to leave nothing behind.
    ///
    /// What was in the repository is read from there. No reference can be
    /// written through it.
    ///
    /// - Throws: ``GitError``.
    public func withObjectsInMemory() throws -> Repository {
        let repository = try Repository.open(gitDirectory, trustsOwner: true)
        let action = "cannot keep objects in memory"
        var memory: UnsafeMutablePointer<git_odb_backend>?
        try check(git_mempack_new(&memory), action)
        // The object database is shared with the repository, and owns what is
        // added to it.
        try repository.withObjectDatabase {
            _ = try check(git_odb_add_backend($0, memory, Self.beforeAllOthers), action)
        }
        repository.referencesForbidden =
            "ref updates forbidden where new objects are in memory alone"
        return repository
    }

    /// Loose objects and packs, the backends of every repository, have 1 and 2.
    private static let beforeAllOthers: Int32 = 999
}
