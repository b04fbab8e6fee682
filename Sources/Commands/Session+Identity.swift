internal import Exec
internal import Git
internal import SystemPackage
internal import Zentoo

extension Session {
    /// Who commits and tags, as git sees it (git-var(1)).
    func identity() async throws -> Signature {
        try await Self.identity(git: git, gitDirectory: repository.gitDirectory)
    }

    /// Who commits in a repository, or in one that is yet to be made.
    ///
    /// - Throws: `ExecError` with git's own words when it does not know.
    static func identity(git: GitProgram, gitDirectory: FilePath?) async throws -> Signature {
        let text = try await git.run(
            ["var", "GIT_COMMITTER_IDENT"], gitDirectory: gitDirectory,
            directory: gitDirectory == nil ? "/" : nil
        ).text
        guard let signature = Signature(text) else {
            throw ZentooError(.damaged, "git does not tell who commits: '\(text)'")
        }
        return signature
    }
}
