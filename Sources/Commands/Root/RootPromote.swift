internal import ArgumentParser
internal import Git
internal import Roots
internal import Sites

/// `git zentoo root promote`
struct RootPromote: Command {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Merge the commits of a root back into the branches it was created from",
        discussion: """
            make.conf/10-CPU is merged into config/cpu/CPU of the site, other files of \
            etc/portage into the portage branch, sets into the branch that they came from, and \
            buildhooks/ into the buildhooks branch. Each branch gets one commit, merged with \
            the changes that were made there meanwhile. Either all branches are updated or \
            none. The root is then based on the current commit of the tuple.
            """)

    @Argument(help: "Name of the root", completion: .roots)
    var name: String

    @Flag(name: .customLong("dry-run"), help: "Show what would be committed, but update nothing")
    var dryRun = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Use this commit message instead of those of the root's commits",
            valueName: "message"))
    var message: String?

    @Option(
        help: ArgumentHelp(
            "Promote to this portage branch, new or existing", valueName: "name"))
    var portage: String?

    @Flag(
        name: .customLong("site-set"),
        help: "Add a new package set to the site, not to the portage branch")
    var siteSet = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let message, !message.contains(where: { !$0.isWhitespace }) {
            throw ValidationError("'--message' wants a text")
        }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let (root, site) = try session.root(named: name, self.site)
        let promotion = Promotion(
            root, to: site, git: session.git, identity: try await session.identity(),
            options: PromotionOptions(
                message: message, portage: try portage.map { try ZentooName($0) },
                newSetsToSite: siteSet, dryRun: dryRun))
        let report = try await promotion.run()
        try context.output.report(PromotionPage(report: report), as: format.format)
        for hint in report.hints { context.output.hint("\(hint)") }
        if report.status == .conflicts { throw NegativeAnswer() }
    }
}

/// The result of a promotion.
struct PromotionPage: Report {
    let report: PromotionReport

    func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }

    var page: Page {
        var page = Page()
        switch report.status {
        case .nothing:
            page.line("\(report.root, .strong): nothing to promote")
            return page
        case .planned: page.line("\(report.root, .strong): would be promoted")
        case .promoted: page.line("\(report.root, .strong): promoted")
        case .conflicts:
            page.line("\(report.root, .strong): \("conflicts", .bad), nothing was moved")
        }
        for branch in report.branches { add(branch, to: &page) }
        if !report.affected.isEmpty {
            page.line("  also changes \(report.affected.joined(separator: ", "))")
        }
        return page
    }

    private func add(_ branch: PromotionReport.Branch, to page: inout Page) {
        guard report.status != .conflicts else {
            for path in branch.conflicts {
                page.line("  \("C", .bad)  \(branch.name):\(path)")
            }
            return
        }
        guard let commit = branch.commit else {
            page.line("  \(branch.name, .name) says all this already")
            return
        }
        let short = String(commit.description.prefix(12))
        let note = branch.isNew ? " (new)" : ""
        page.line("  \(branch.name, .strong)\(note) \(short, .name) \(branch.subject ?? "")")
        page.changes(branch.changes, indent: "    ")
    }
}
