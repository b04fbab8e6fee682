internal import ArgumentParser
internal import Builds
internal import Git
internal import Upkeep

/// `git zentoo hook install`
struct HookInstall: Command {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install the hooks and settings of a server",
        discussion: """
            An existing hook is kept with the suffix '.local', such as pre-receive.local, and \
            is called first; if it refuses a push, the push is refused. Settings that are \
            already configured are not changed. Run the command again to update the hooks. \
            'git zentoo init --bare' installs the hooks too.
            """)

    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let installation = try await HookCommand.installer(in: context).install()
        try context.output.report(HookSummary(installation), as: format.format)
        let repository = try context.repository()
        let configuration = try await GitProgram(environment: context.environment)
            .configuration(gitDirectory: repository.gitDirectory)
        let settings = try Settings(configuration, repository: repository)
        if let branch = try settings.absentSite(in: repository) {
            context.output.warning(
                "HEAD names branch '\(branch)', which does not exist yet: pushes to other "
                    + "branches are neither checked nor built")
            context.output.hint(
                "if the site is another branch: git symbolic-ref HEAD refs/heads/BRANCH")
        }
    }
}
