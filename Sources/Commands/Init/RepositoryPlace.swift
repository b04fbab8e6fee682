internal import Git
internal import Sites
internal import SystemPackage

/// Where `git zentoo init` finds or makes a repository.
struct RepositoryPlace {
    let git: GitProgram
    /// The directory that was named; nil for the repository around us.
    let named: FilePath?
    let workingDirectory: FilePath
    /// The variables that name a repository, as `GIT_DIR`.
    let environment: [String: String]
    let isBare: Bool

    /// The repository that is there; nil when one is to be made.
    ///
    /// - Throws: `GitError` for one that cannot be used; `ZentooError` when a
    ///   bare one is wanted and this one is not.
    func existing() throws -> Repository? {
        let found: Repository
        do {
            found =
                try named.map { try Repository.open($0) }
                ?? Repository.open(environment: environment, directory: workingDirectory)
        } catch let error as GitError
            where error.code == .notFound && (named != nil || environment["GIT_DIR"] == nil)
        {
            return nil
        }
        guard found.isBare || !isBare else {
            throw ZentooError(
                .exists, "'\(found.gitDirectory)' exists and has a work tree",
                hints: ["leave out --bare, or name another directory"])
        }
        return found
    }

    /// Makes the repository.
    ///
    /// - Parameter branch: the first branch; git's `init.defaultBranch`
    ///   without one.
    func create(branch: ZentooName?) async throws -> Repository {
        let configured = try await git.configuration(gitDirectory: nil)
            .string("init.defaultBranch")
        let branch = try branch ?? ZentooName(configured ?? "main")
        return try Repository.create(
            at: named ?? workingDirectory, bare: isBare, initialBranch: branch.text)
    }
}
