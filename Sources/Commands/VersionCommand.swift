internal import ArgumentParser

/// `git zentoo version`
struct VersionCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Tell which git-zentoo this is",
        discussion: """
            Prints the version, as 'git version' does for git. Include it, and what \
            'git zentoo doctor' says, when something does not work.
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
