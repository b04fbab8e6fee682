package import Git
package import SystemPackage

/// The git configuration that a repository needs so that plain git shows and
/// transfers the records of git-zentoo.
package struct RepositorySettings: Sendable {
    /// A setting with one of its values.
    package struct Setting: Sendable, Hashable {
        /// The key, as in git-config(1).
        package let key: String
        /// The value; the key may have others.
        package let value: String

        /// Creates a setting with a value.
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    private let git: GitProgram
    private let gitDirectory: FilePath

    /// Creates the settings of the repository with this git directory.
    package init(git: GitProgram, gitDirectory: FilePath) {
        self.git = git
        self.gitDirectory = gitDirectory
    }

    /// The settings of every repository: `git log` shows the records below the
    /// commits they describe, and does not append hundreds of tags to them.
    ///
    /// `notes.displayRef` is a pattern, since `git log` warns about a reference
    /// that does not exist yet.
    ///
    /// Each record replaces the index of packages, which leaves the previous
    /// index's trees unreachable: git before 2.41 would keep each of them as a
    /// loose object for two weeks, and start over with each `git gc --auto`.
    package static let common = [
        Setting(key: "notes.displayRef", value: "refs/notes/zentoo*"),
        Setting(key: "log.excludeDecoration", value: "refs/tags/zentoo/*"),
        Setting(key: "gc.cruftPacks", value: "true"),
    ]

    /// The settings of a repository that others push to: damaged objects and
    /// oversized packs are rejected on receipt, commits that were built stay in
    /// the history of their branch, reflogs record earlier positions of a
    /// branch, and `git push -o zentoo.wait` is allowed.
    package static let server = [
        Setting(key: "core.logAllRefUpdates", value: "true"),
        Setting(key: "receive.advertisePushOptions", value: "true"),
        Setting(key: "receive.denyNonFastForwards", value: "true"),
        Setting(key: "receive.fsckObjects", value: "true"),
        Setting(key: "receive.maxInputSize", value: "256m"),
    ]

    /// Returns the settings that make `git fetch` fetch a remote's records into
    /// their own namespace. They also keep it from deleting tags that the remote
    /// does not have, whatever `fetch.pruneTags` says: tags of builds that were not
    /// pushed are among them.
    package static func fetching(from remote: String) -> [Setting] {
        RemoteRecords(remote: remote).refspecs.map {
            Setting(key: "remote.\(remote).fetch", value: $0)
        } + [Setting(key: "remote.\(remote).pruneTags", value: "false")]
    }

    /// Adds the settings that are missing; changes no other value.
    ///
    /// - Parameter chosen: the remotes to configure; all that have a URL if
    ///   nil. A mirrored remote is skipped, since it fetches everything
    ///   unchanged.
    /// - Returns: the settings that were missing.
    /// - Throws: `ExecError` when git cannot change its configuration.
    @discardableResult
    package func complete(remotes chosen: [String]? = nil) async throws -> [Setting] {
        let present = try await git.configuration(gitDirectory: gitDirectory)
        let remotes = try (chosen ?? present.remotes).filter {
            try present.bool("remote.\($0).mirror") != true
        }
        let missing = (Self.common + remotes.flatMap(Self.fetching)).filter { setting in
            // Of a key with one value the last one counts.
            setting.key.hasSuffix(".pruneTags")
                ? present.string(setting.key) != setting.value
                : !present.strings(setting.key).contains(setting.value)
        }
        try await add(missing)
        return missing
    }

    /// Adds the server settings that are not set.
    ///
    /// - Returns: the settings that were missing, and those with another value,
    ///   which are kept.
    /// - Throws: `ExecError`.
    package func completeServer() async throws -> (added: [Setting], kept: [Setting]) {
        let (missing, kept) = try await surveyServer()
        try await add(missing)
        return (missing, kept)
    }

    /// Returns the server settings that are not set, and those that have
    /// another value, with that value.
    ///
    /// - Throws: `ExecError`.
    package func surveyServer() async throws -> (missing: [Setting], other: [Setting]) {
        let present = try await git.configuration(gitDirectory: gitDirectory)
        var (missing, other): ([Setting], [Setting]) = ([], [])
        for wanted in Self.server {
            if let value = present.string(wanted.key) {
                if value != wanted.value { other.append(Setting(key: wanted.key, value: value)) }
            } else {
                missing.append(wanted)
            }
        }
        return (missing, other)
    }

    private func add(_ settings: [Setting]) async throws {
        for setting in settings {
            try await git.addConfiguration(
                setting.key, setting.value, gitDirectory: gitDirectory)
        }
    }
}

extension Configuration {
    /// The remotes that have a URL, sorted.
    package var remotes: [String] {
        subsections(of: "remote").filter { string("remote.\($0).url") != nil }
    }
}
