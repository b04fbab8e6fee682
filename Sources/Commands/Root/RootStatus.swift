internal import ArgumentParser
internal import Builds
internal import Git
internal import Roots
internal import Sites

/// `git zentoo root status`
struct RootStatus: Command {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the state of a root")

    @Argument(help: "Name of the root", completion: .roots)
    var name: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let survey = RootSurvey(session.repository, state: session.settings.state)
        try context.output.report(
            RootPage(root: try survey.state(of: ZentooName(name))), as: format.format)
    }
}

/// The state of a root.
struct RootPage: Report {
    let root: RootState

    func encode(to encoder: any Encoder) throws { try root.encode(to: encoder) }

    var page: Page {
        var page = Page()
        page.line(
            """
            Root \(root.name.text, .strong) on \(root.tuple) at \
            \(String(root.base.description.prefix(12)), .name)
            """)
        page.line("  branch  \(root.branch), \(Amount.of(root.ahead, "commit")) of its own")
        page.line("  tree    \(root.tree)")
        if let stage = root.stage { page.line("  stage   \(stage)") }
        if let holder = root.holder { page.line("  in use  \(holder, .notice)") }
        if root.isKept {
            page.line("  kept    the changes of a session; 'git zentoo root reset' drops them")
        }
        for work in root.patches {
            let count = work.changes.count
            page.line(
                """
                  patch   \(work.version), \(count == 0 ? "all saved" : Amount.of(count, "changed file") + " not saved")
                """)
        }
        if let obstacle = root.obstacle { page.line("\("warning:", .notice) \(obstacle)") }
        addChanges(to: &page)
        if !root.packages.isEmpty {
            page.line()
            page.line("Packages of its own:")
            for package in root.packages { page.line("  \(package)") }
        }
        return page
    }

    private func addChanges(to page: inout Page) {
        guard let changes = root.changes else {
            page.line("Not checked out; the next 'git zentoo enter \(root.name.text)' does it")
            return
        }
        guard !changes.isEmpty else { return }
        page.line()
        page.line("Not committed:")
        page.changes(changes)
    }
}
