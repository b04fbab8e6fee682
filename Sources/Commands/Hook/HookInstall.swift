internal import ArgumentParser
internal import Builds
internal import Git
internal import Upkeep

/// `git zentoo hook install`
struct HookInstall: Command {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install the hooks and the settings of a server",
        discussion: """
            A hook that is there is kept as pre-receive.local, called first, and its refusal \
            counts. Settings that somebody has decided stay as they are. The command can be \
            run again; it then brings the hooks up to date. 'git zentoo init --bare' does the \
            same.
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
