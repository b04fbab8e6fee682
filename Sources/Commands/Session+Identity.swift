internal import Exec
internal import Git
internal import Sites
internal import SystemPackage

extension Session {
    /// Returns the identity of commits and tags, as git determines it
    /// (git-var(1)).
    ///
    /// - Throws: `ZentooError` if git does not know it.
    func identity() async throws -> Signature {
        try await Self.identity(git: git, gitDirectory: repository.gitDirectory)
    }

    /// Returns the identity of commits in a repository, or in one that is not
    /// created yet.
    ///
    /// - Throws: `ZentooError` if git does not know it.
    static func identity(git: GitProgram, gitDirectory: FilePath?) async throws -> Signature {
        let completion = try await git.invocation(
            ["var", "GIT_COMMITTER_IDENT"], gitDirectory: gitDirectory,
            directory: gitDirectory == nil ? "/" : nil
        ).run()
        // In a session the configuration has already been read without an
        // error, so only the identity can be missing.
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
