internal import Git
internal import Sites
internal import SystemPackage

/// The place where `git zentoo init` finds or creates a repository.
struct RepositoryPlace {
    let git: GitProgram
    /// The named directory; nil for the repository around the working
    /// directory.
    let named: FilePath?
    let workingDirectory: FilePath
    /// The variables that name a repository, as `GIT_DIR`.
    let environment: [String: String]
    let isBare: Bool

    /// Returns the existing repository; nil if one has to be created.
    ///
    /// - Throws: `GitError` for one that cannot be used; `ZentooError` if a
    ///   bare one is requested and the existing one is not.
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

    /// Creates the repository.
    ///
    /// - Parameter branch: the initial branch; nil for git's
    ///   `init.defaultBranch`, or else `main`.
    func create(branch: ZentooName?) async throws -> Repository {
        let configured = try await git.configuration(gitDirectory: nil)
            .string("init.defaultBranch")
        let branch = try branch ?? ZentooName(configured ?? "main")
        return try Repository.create(
            at: named ?? workingDirectory, bare: isBare, initialBranch: branch.text)
    }
}
