internal import ArgumentParser
internal import Roots
internal import Sites

/// `git zentoo new-root`
struct NewRootCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "new-root",
        abstract: "Create a root to work in",
        discussion: """
            A root is a branch root/NAME that starts at the commit of a tuple, with a work \
            tree of its own. 'git zentoo enter NAME' mounts etc/portage of that work tree as \
            /etc/portage over the tuple's stage. The stage is not copied.
            """)

    @Argument(help: "Name of the root")
    var name: String

    @Argument(help: "Tuple to start from; defaults to the default tuple")
    var tuple: String?

    @Option(help: "Use this stage of the site instead of the tuple's")
    var stage: String?

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let tuple = try session.tuples(tuple.map { [$0] } ?? [], all: false)[0]
        let maker = RootMaker(machine: try await session.machine(), site: try session.site())
        let root = try await maker.make(ZentooName(name), of: tuple, stage: stage)
        try context.output.report(NewRootSummary(root), as: format.format)
    }
}

private struct NewRootSummary: Report {
    let root: NewRoot

    init(_ root: NewRoot) { self.root = root }

    func encode(to encoder: any Encoder) throws { try root.encode(to: encoder) }

    var page: Page {
        var page = Page()
        page.line("\(root.name.text, .strong): \(root.tuple) over stage \(root.stage.text)")
        page.line("  branch \(root.branch, .name) in \(root.tree)")
        return page
    }
}
