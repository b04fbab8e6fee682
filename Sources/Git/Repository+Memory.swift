internal import CGit2

extension Repository {
    /// Opens the same repository again, with new objects in memory only: for
    /// computing ids and comparing trees without leaving objects behind.
    ///
    /// Existing objects are read from the repository. No reference can be
    /// written through it.
    ///
    /// - Throws: ``GitError``.
    public func withObjectsInMemory() throws -> Repository {
        let repository = try Repository.open(gitDirectory, trustsOwner: true)
        let action = "cannot keep objects in memory"
        var memory: UnsafeMutablePointer<git_odb_backend>?
        try check(git_mempack_new(&memory), action)
        // The object database is shared with the repository and owns its
        // backends.
        try repository.withObjectDatabase {
            _ = try check(git_odb_add_backend($0, memory, Self.beforeAllOthers), action)
        }
        repository.hasOtherObjects = true
        repository.referencesForbidden =
            "ref updates forbidden where new objects are in memory alone"
        return repository
    }

    /// Backends with a higher priority come first; loose objects and packs have
    /// 1 and 2 in every repository.
    private static let beforeAllOthers: Int32 = 999
}
