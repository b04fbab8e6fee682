internal import ArgumentParser
internal import Git
internal import Roots

/// `git zentoo root update`
struct RootUpdateCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Update a root to the current commit of its tuple",
        discussion: """
            Commits of the root are kept and merged with the changes of the branches since. \
            Uncommitted changes are kept; if one of them conflicts with the update, nothing is \
            changed.
            """)

    @Argument(help: "Name of the root", completion: .roots)
    var name: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let (root, site) = try session.root(named: name, self.site)
        let report = try await RootUpdate(
            root, from: site, git: session.git, identity: session.identity()
        ).run()
        try context.output.report(RootUpdatePage(report: report), as: format.format)
        for hint in report.hints { context.output.hint("\(hint)") }
        if report.status == .conflicts { throw NegativeAnswer() }
    }
}

/// The result of updating a root.
struct RootUpdatePage: Report {
    let report: RootUpdateReport

    func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }

    var page: Page {
        var page = Page()
        let new = String(report.new.description.prefix(12))
        switch report.status {
        case .upToDate:
            page.line("\(report.root, .strong): up to date with \(report.tuple)")
            return page
        case .moved: page.line("\(report.root, .strong): now at \(new, .name)")
        case .merged: page.line("\(report.root, .strong): merged with \(new, .name)")
        case .conflicts:
            page.line("\(report.root, .strong): \("conflicts", .bad), nothing was moved")
            for path in report.conflicts { page.line("  \("C", .bad)  \(path)") }
            return page
        }
        page.changes(report.changes)
        return page
    }
}
