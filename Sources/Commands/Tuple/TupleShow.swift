internal import ArgumentParser
internal import Sites

/// `git zentoo tuple show`
struct TupleShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all parts of a tuple",
        discussion: """
            The tuple does not have to be declared. If it contains no mistakes it is composed \
            and its commit is printed; 'git show' and 'git ls-tree -r' of that commit show the \
            exact input of a build.
            """)

    @Argument(help: ArgumentHelp("Name of the tuple", valueName: "tuple"))
    var tuple: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let site = try await Session.open(context, site).site()
        let description = try site.describe(site.tuple(named: tuple))
        try context.output.report(TuplePage(tuple: description), as: format.format)
    }
}

private struct TuplePage: Report {
    let tuple: TupleDescription

    func encode(to encoder: any Encoder) throws {
        try tuple.encode(to: encoder)
    }

    var page: Page {
        var page = Page()
        page.line("\(tuple.tuple, .strong)")
        var table = Table(.left("part"), .left("name"), .left("where"), .left("commit"))
        for part in tuple.parts {
            table.row(
                "\(part.part)", "\(part.name)", "\(part.place, .name)",
                "\(part.commit.prefix(12))")
        }
        page.table(table)
        if let stage = tuple.stage { page.line("stage: \(stage)") }
        for repository in tuple.repositories { page.line("repository: \(repository)") }
        for option in tuple.options { page.line("option: \(option)") }
        for set in tuple.sets {
            page.line("@\(set.name): \(set.members.joined(separator: " "))")
        }
        if let tree = tuple.tree, let commit = tuple.commit {
            page.line("tree: \(tree)")
            page.line("commit: \(commit, .name)")
        }
        page.mistakes(tuple.mistakes)
        return page
    }
}
