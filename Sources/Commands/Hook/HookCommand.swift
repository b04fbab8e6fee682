internal import ArgumentParser
internal import Git
internal import Zentoo

/// `git zentoo hook`
struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Have a server's repository take only pushes that can work, and build them",
        subcommands: [
            HookInstall.self, HookStatus.self, HookRemove.self, HookPreReceive.self,
            HookPostReceive.self,
        ])

    /// The hooks of the repository around the working directory.
    static func installer(in context: CommandContext) throws -> HookInstaller {
        try HookInstaller(
            Repository.discover(from: context.workingDirectory),
            git: GitProgram(environment: context.environment))
    }
}
