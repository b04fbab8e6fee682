internal import ArgumentParser
internal import Sites

/// `git zentoo tuple check`
struct TupleCheck: Command {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check for mistakes that prevent tuples from being built",
        discussion: """
            Checks the site and its portage and buildhooks branches, and prints all mistakes \
            with branch, file and line. The status is 1 if there are any. Nothing is built or \
            written.
            """)

    @Argument(
        help: ArgumentHelp(
            "Tuples to check; defaults to the site and all its tuples", valueName: "tuple"))
    var tuples: [String] = []

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let site = try session.site()
        let mistakes =
            try tuples.isEmpty
            ? site.check() : site.check(tuples.map { try site.tuple(named: $0) })
        let checked = tuples.isEmpty ? site.declaredTuples.map(\.text) : tuples
        try await session.warnOfOutdatedBranches(checked)
        try context.output.report(
            CheckSummary(tuples: checked, mistakes: mistakes), as: format.format)
        if !mistakes.isEmpty { throw NegativeAnswer() }
    }
}

private struct CheckSummary: Report {
    let tuples: [String]
    let mistakes: [Mistake]

    var page: Page {
        var page = Page()
        page.mistakes(mistakes)
        if mistakes.isEmpty {
            let subject = tuples.count == 1 ? "tuple '\(tuples[0])'" : "\(tuples.count) tuples"
            page.line("\(subject): no mistakes")
        }
        return page
    }
}
