public import Git
public import SystemPackage

/// What a repository's git configuration must say so that plain git shows and
/// carries what git-zentoo records.
public struct RepositorySettings: Sendable {
    /// A setting with one of its values.
    public struct Setting: Sendable, Hashable {
        /// As git-config(1) takes it.
        public let key: String
        /// The value, beside which there may be others.
        public let value: String
    }

    private let git: GitProgram
    private let gitDirectory: FilePath

    /// Settings of the repository with this git directory.
    public init(git: GitProgram, gitDirectory: FilePath) {
        self.git = git
        self.gitDirectory = gitDirectory
    }

    /// What belongs in every repository: `git log` shows the records below the
    /// commits they are about, and does not write hundreds of tags behind them.
    ///
    /// A pattern, since git warns at each log of a name that is not there yet.
    public static let common = [
        Setting(key: "notes.displayRef", value: "refs/notes/zentoo*"),
        Setting(key: "log.excludeDecoration", value: "refs/tags/zentoo/*"),
    ]

    /// What `git fetch` shall bring from a remote: notes, latest builds and the
    /// commits of failed ones to places of their own, since ours may differ; tags as they are, since a
    /// tag never moves.
    ///
    /// The notes' refspec is a pattern because git refuses a fetch that names
    /// a reference which is not there yet.
    public static func fetching(from remote: String) -> [Setting] {
        [
            "+refs/notes/zentoo*:refs/notes/\(remote)/zentoo*",
            "refs/tags/zentoo/*:refs/tags/zentoo/*",
            "+refs/zentoo/latest/*:refs/zentoo/remotes/\(remote)/latest/*",
            "+refs/zentoo/failed/*:refs/zentoo/remotes/\(remote)/failed/*",
        ].map { Setting(key: "remote.\(remote).fetch", value: $0) }
    }

    /// Sets what is not set yet; no other value is touched.
    ///
    /// - Returns: what was missing.
    /// - Throws: `ExecError` when git cannot change its configuration.
    public func complete() async throws -> [Setting] {
        let present = try await git.configuration(gitDirectory: gitDirectory)
        let remotes = present.subsections(of: "remote").filter {
            present.string("remote.\($0).url") != nil
        }
        let missing = (Self.common + remotes.flatMap(Self.fetching)).filter {
            !present.strings($0.key).contains($0.value)
        }
        for setting in missing {
            try await git.addConfiguration(
                setting.key, setting.value, gitDirectory: gitDirectory)
        }
        return missing
    }
}
