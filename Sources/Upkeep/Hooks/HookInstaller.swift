internal import Builds
package import Git
package import Records
internal import Server
internal import Sites
internal import SystemPackage

/// Prepares a bare repository for pushes: installs the hooks and the git
/// settings that they need. It can be run again at any time.
package struct HookInstaller: Sendable {
    /// The change made to a hook.
    package enum Change: String, Sendable, Hashable, Codable {
        /// There was no hook.
        case installed
        /// There was a foreign hook, which the shim now calls first.
        case chained
        /// There was a shim of another version.
        case updated
        /// Nothing was changed.
        case unchanged
        /// The shim was removed.
        case removed
        /// The shim was removed and the hook that it called restored.
        case restored
    }

    /// A hook, and the change made to it.
    package struct Result: Sendable, Hashable, Codable {
        /// The change.
        package let change: Change
        /// The current status.
        package let status: ServerHook.Status
    }

    /// The changes made to a repository.
    package struct Installation: Sendable, Hashable {
        /// Its hooks.
        package let hooks: [Result]
        /// The settings that were added.
        package let settings: [RepositorySettings.Setting]
        /// The settings that were kept although they differ from the proposed
        /// values.
        package let kept: [RepositorySettings.Setting]
    }

    private let git: GitProgram
    private let gitDirectory: FilePath

    /// Creates an installer for `repository`.
    ///
    /// - Throws: ``ZentooError`` when it has a work tree, which pushes would
    ///   not update.
    package init(_ repository: Repository, git: GitProgram) throws {
        guard repository.isBare else {
            throw ZentooError(
                .unsupported, "'\(repository.gitDirectory)' has a work tree; hooks are for servers",
                hints: ["git clone --bare makes a repository for a server"])
        }
        self.git = git
        gitDirectory = repository.gitDirectory
    }

    /// Installs what is missing or of another version.
    ///
    /// - Throws: ``ZentooError`` when the hooks cannot be installed; nothing is
    ///   changed in that case.
    package func install() async throws -> Installation {
        let directory = try await checkedDirectory()
        // The settings come first, since they make git refuse pushes.
        let settings = try await RepositorySettings(git: git, gitDirectory: gitDirectory)
            .completeServer()
        try await takeNote()
        let hooks = try ServerHook.allCases.map { hook in
            let before = try directory.status(of: hook)
            // Installed again even if unchanged, since its mode may be wrong.
            try directory.install(hook)
            let change: Change =
                switch before.state {
                case .missing: .installed
                case .foreign: .chained
                case .outdated: .updated
                case .installed: .unchanged
                }
            return Result(change: change, status: try directory.status(of: hook))
        }
        return Installation(hooks: hooks, settings: settings.added, kept: settings.kept)
    }

    /// Records the current branches as queued: pushes from before the
    /// installation are not built.
    private func takeNote() async throws {
        let repository = try Repository.open(gitDirectory)
        let settings = try Settings(
            try await git.configuration(gitDirectory: gitDirectory), repository: repository)
        try await QueueFeeder(
            repository, sites: settings.served(in: repository), state: settings.state
        ).begin()
    }

    /// Checks that ``install()`` can succeed.
    ///
    /// - Throws: ``ZentooError`` when it cannot.
    package func check() async throws { _ = try await checkedDirectory() }

    /// Returns the current status of the hooks.
    ///
    /// - Throws: ``ZentooError`` as ``install()``.
    package func statuses() async throws -> [ServerHook.Status] {
        let directory = try await directory()
        return try ServerHook.allCases.map(directory.status)
    }

    /// Removes the shims and keeps the settings.
    ///
    /// - Throws: ``ZentooError`` as ``install()``.
    package func remove() async throws -> [Result] {
        let directory = try await directory()
        return try ServerHook.allCases.map { hook in
            let before = try directory.status(of: hook)
            let isOurs = before.state == .installed || before.state == .outdated
            if isOurs { try directory.remove(hook) }
            return Result(
                change: !isOurs ? .unchanged : before.first == nil ? .removed : .restored,
                status: try directory.status(of: hook))
        }
    }

    private func directory() async throws -> HookDirectory {
        try HookDirectory(
            of: gitDirectory, try await git.configuration(gitDirectory: gitDirectory))
    }

    private func checkedDirectory() async throws -> HookDirectory {
        let directory = try await directory()
        for hook in ServerHook.allCases { try directory.checkRoom(for: hook) }
        return directory
    }
}
