internal import ArgumentParser
internal import Git
internal import Upkeep

/// `git zentoo hook`
struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Check pushes to a server and queue builds of what they change",
        subcommands: [
            HookInstall.self, HookStatus.self, HookRemove.self, HookPreReceive.self,
            HookPostReceive.self,
        ])

    /// Returns the installer of hooks for the repository that git would use here.
    /// If the process runs as root, it first becomes the repository's owner,
    /// permanently.
    static func installer(in context: CommandContext) async throws -> HookInstaller {
        let git = GitProgram(
            environment: try Platform.becomeOwner(
                of: context.resolve(context.environment["GIT_DIR"] ?? "."),
                context.environment))
        let repository = try context.repository()
        let configuration = try await git.configuration(gitDirectory: repository.gitDirectory)
        Platform.share(as: configuration.string("core.sharedRepository"))
        return try HookInstaller(repository, git: git)
    }
}
