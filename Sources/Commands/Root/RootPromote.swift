internal import ArgumentParser
internal import Git
internal import Roots
internal import Sites

/// `git zentoo root promote`
struct RootPromote: Command {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Carry what was committed in a root back to the branches it came from",
        discussion: """
            make.conf/10-CPU goes to config/cpu/CPU of the site, other files of etc/portage to \
            the portage branch, sets to the side they came from, buildhooks/ to the buildhooks \
            branch. Each branch gets one commit, merged with what has changed there since; all \
            branches move at once, or none. The root then stands on the tuple as it is now.
            """)

    @Argument(help: "The root", completion: .roots)
    var name: String

    @Flag(name: .customLong("dry-run"), help: "Say what would be committed, and move nothing")
    var dryRun = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Say this in the commits instead of what the root's commits say",
            valueName: "message"))
    var message: String?

    @Option(
        help: ArgumentHelp(
            "Promote to this portage branch, a new one or one that exists", valueName: "name"))
    var portage: String?

    @Flag(
        name: .customLong("site-set"),
        help: "Give a new package set to the site, and not to the portage branch")
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
