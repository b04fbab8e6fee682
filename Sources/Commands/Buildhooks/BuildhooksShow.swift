internal import ArgumentParser
internal import Sites

/// `git zentoo buildhooks show`
struct BuildhooksShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the contents of a buildhooks branch")

    @Argument(help: ArgumentHelp("Name of the branch, without 'buildhooks/'", valueName: "name"))
    var name: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let name = try ZentooName(name)
        let site = try await Session.open(context, site).site()
        try context.output.report(
            BranchPage(contents: site.contents(of: name, .buildhooks)), as: format.format)
    }
}
