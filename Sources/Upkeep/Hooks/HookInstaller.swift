internal import Builds
package import Git
package import Records
internal import Server
internal import Sites
internal import SystemPackage

/// Makes a bare repository one that others push to: the hooks, and the
/// settings of git that belong to it. All of it can be done again at any time.
package struct HookInstaller: Sendable {
    /// What was done with a hook.
    package enum Change: String, Sendable, Hashable, Codable {
        /// There was none.
        case installed
        /// Somebody else's was there; the shim calls it first now.
        case chained
        /// The shim of another version was there.
        case updated
        /// It was there.
        case unchanged
        /// It is gone.
        case removed
        /// It is gone, and the hook it called is in its place again.
        case restored
    }

    /// A hook, and what was done with it.
    package struct Result: Sendable, Hashable, Codable {
        /// What was done.
        package let change: Change
        /// How it is now.
        package let status: ServerHook.Status
    }

    /// What was done with a repository.
    package struct Installation: Sendable, Hashable {
        /// Its hooks.
        package let hooks: [Result]
        /// The settings that were missing.
        package let settings: [RepositorySettings.Setting]
        /// Those that say something else than is proposed, and stay so.
        package let kept: [RepositorySettings.Setting]
    }

    private let git: GitProgram
    private let gitDirectory: FilePath

    /// The hooks of `repository`.
    ///
    /// - Throws: ``ZentooError`` when it has a work tree, which pushes would
    ///   leave behind.
    package init(_ repository: Repository, git: GitProgram) throws {
        guard repository.isBare else {
            throw ZentooError(
                .unsupported, "'\(repository.gitDirectory)' has a work tree; hooks are for servers",
                hints: ["git clone --bare makes a repository for a server"])
        }
        self.git = git
        gitDirectory = repository.gitDirectory
    }

    /// Installs what is not there, or not of this version.
    ///
    /// - Throws: ``ZentooError`` when the hooks cannot be there; nothing is
    ///   changed then.
    package func install() async throws -> Installation {
        let directory = try await checkedDirectory()
        // Refused pushes are what the settings are for: they come first.
        let settings = try await RepositorySettings(git: git, gitDirectory: gitDirectory)
            .completeServer()
        try await takeNote()
        let hooks = try ServerHook.allCases.map { hook in
            let before = try directory.status(of: hook)
            // Also the same once more: somebody may have made it unrunnable.
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

    /// Has the queue take the branches as they are: what was pushed before
    /// there were hooks is not news.
    private func takeNote() async throws {
        let repository = try Repository.open(gitDirectory)
        let settings = try Settings(
            try await git.configuration(gitDirectory: gitDirectory), repository: repository)
        try await QueueFeeder(
            repository, sites: settings.served(in: repository), state: settings.state
        ).begin()
    }

    /// Whether ``install()`` can do its work.
    ///
    /// - Throws: ``ZentooError`` when it cannot.
    package func check() async throws { _ = try await checkedDirectory() }

    /// The hooks as they are.
    ///
    /// - Throws: ``ZentooError`` as ``install()``.
    package func statuses() async throws -> [ServerHook.Status] {
        let directory = try await directory()
        return try ServerHook.allCases.map(directory.status)
    }

    /// Takes the shims away, and leaves the settings.
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
