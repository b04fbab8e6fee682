internal import ArgumentParser

/// `git zentoo version`
struct VersionCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Show the version",
        discussion: """
            Prints the version, like 'git version'. Include it and the output of 'git zentoo \
            doctor' in bug reports.
            """)

    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        try context.output.report(VersionReport(version: Version.current), as: format.format)
    }
}

private struct VersionReport: Report {
    let version: String

    var page: Page {
        var page = Page()
        page.line("git-zentoo version \(version)")
        return page
    }
}
