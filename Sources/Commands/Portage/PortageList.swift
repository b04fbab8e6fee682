internal import ArgumentParser
internal import Sites

/// `git zentoo portage list`
struct PortageList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List local portage branches and those of the site's remote")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let site = try await Session.open(context, site).site()
        try context.output.report(
            BranchListing(branches: site.branches(.portage)), as: format.format)
    }
}
