internal import Git
internal import SystemPackage

extension CommandContext {
    /// Opens the repository that git would use: the one that `GIT_DIR` names, or
    /// that around the working directory.
    ///
    /// - Throws: `GitError` when there is none.
    func repository() throws -> Repository {
        try Repository.open(environment: environment, directory: workingDirectory)
    }
}
