package import Git
package import SystemPackage

/// What a repository's git configuration must say so that plain git shows and
/// carries what git-zentoo records.
package struct RepositorySettings: Sendable {
    /// A setting with one of its values.
    package struct Setting: Sendable, Hashable {
        /// As git-config(1) takes it.
        package let key: String
        /// The value, beside which there may be others.
        package let value: String

        /// A setting and its value.
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    private let git: GitProgram
    private let gitDirectory: FilePath

    /// Settings of the repository with this git directory.
    package init(git: GitProgram, gitDirectory: FilePath) {
        self.git = git
        self.gitDirectory = gitDirectory
    }

    /// What belongs in every repository: `git log` shows the records below the
    /// commits they are about, and does not write hundreds of tags behind them.
    ///
    /// A pattern, since git warns at each log of a name that is not there yet.
    ///
    /// Each record replaces the index of packages, and nothing holds the trees
    /// of the one before: git before 2.41 would keep each in a file of its own
    /// for two weeks, and begin anew with `git gc --auto` each time.
    package static let common = [
        Setting(key: "notes.displayRef", value: "refs/notes/zentoo*"),
        Setting(key: "log.excludeDecoration", value: "refs/tags/zentoo/*"),
        Setting(key: "gc.cruftPacks", value: "true"),
    ]

    /// What belongs in a repository that others push to: damaged objects and
    /// endless packs are refused before they are looked at, what was built of
    /// stays in the history of its branch, the reflogs tell what a branch was
    /// before, and pushers may say 'git push -o zentoo.wait'.
    package static let server = [
        Setting(key: "core.logAllRefUpdates", value: "true"),
        Setting(key: "receive.advertisePushOptions", value: "true"),
        Setting(key: "receive.denyNonFastForwards", value: "true"),
        Setting(key: "receive.fsckObjects", value: "true"),
        Setting(key: "receive.maxInputSize", value: "256m"),
    ]

    /// What `git fetch` fetches from a remote: its records, to references of their
    /// own. It deletes no tag that the remote does not have, whatever
    /// `fetch.pruneTags` says: the tag of a build that was not pushed is one.
    package static func fetching(from remote: String) -> [Setting] {
        RemoteRecords(remote: remote).refspecs.map {
            Setting(key: "remote.\(remote).fetch", value: $0)
        } + [Setting(key: "remote.\(remote).pruneTags", value: "false")]
    }

    /// Sets what is not set yet; no other value is touched.
    ///
    /// - Parameter chosen: the remotes; all that have an address when nil. One
    ///   that is mirrored brings everything as it is.
    /// - Returns: what was missing.
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

    /// Sets what a server needs and nobody has decided.
    ///
    /// - Returns: what was missing, and what says something else and stays so.
    /// - Throws: `ExecError`.
    package func completeServer() async throws -> (added: [Setting], kept: [Setting]) {
        let (missing, kept) = try await surveyServer()
        try await add(missing)
        return (missing, kept)
    }

    /// What a server needs: that which nobody has decided, and that which says
    /// something else, as it is.
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
    /// The remotes that have an address, sorted.
    package var remotes: [String] {
        subsections(of: "remote").filter { string("remote.\($0).url") != nil }
    }
}
