internal import ArgumentParser
internal import Sites

/// `git zentoo buildhooks new`
struct BuildhooksNew: Command {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Create a buildhooks branch from another branch or the template",
        discussion: """
            A branch created from another one shares its history, so that 'git merge' can \
            merge later changes in either direction.
            """)

    @Argument(help: ArgumentHelp("Name of the branch, without 'buildhooks/'", valueName: "name"))
    var name: String

    @OptionGroup var origin: OriginOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        try await NewBranch.make(.buildhooks, named: name, origin, site, format, in: context)
    }
}
