internal import Exec
internal import Git
internal import Sites
internal import SystemPackage

extension Session {
    /// Who commits and tags, as git sees it (git-var(1)).
    func identity() async throws -> Signature {
        try await Self.identity(git: git, gitDirectory: repository.gitDirectory)
    }

    /// Who commits in a repository, or in one that is yet to be made.
    ///
    /// - Throws: `ZentooError` when git does not know.
    static func identity(git: GitProgram, gitDirectory: FilePath?) async throws -> Signature {
        let completion = try await git.invocation(
            ["var", "GIT_COMMITTER_IDENT"], gitDirectory: gitDirectory,
            directory: gitDirectory == nil ? "/" : nil
        ).run()
        // Its configuration could be read a moment ago, so this is all that
        // can be wrong.
        guard completion.status.isSuccess else {
            throw ZentooError(
                .notFound, "git does not know who you are, and records bear a name",
                hints: [
                    "git config --global user.name 'Your Name'",
                    "git config --global user.email 'you@example.com'",
                ])
        }
        let text = completion.text
        guard let signature = Signature(text) else {
            throw ZentooError(.damaged, "git does not tell who commits: '\(text)'")
        }
        return signature
    }
}
