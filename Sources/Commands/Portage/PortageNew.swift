internal import ArgumentParser
internal import Sites

/// `git zentoo portage new`
struct PortageNew: Command {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a portage branch, of another one or of the template",
        discussion: """
            A branch made of another one shares its history, so that 'git merge' carries \
            later changes from one to the other.
            """)

    @Argument(help: ArgumentHelp("The branch is portage/<name>", valueName: "name"))
    var name: String

    @OptionGroup var origin: OriginOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        try await NewBranch.make(.portage, named: name, origin, site, format, in: context)
    }
}
