internal import ArgumentParser
internal import Git
internal import Records
internal import SystemPackage

/// `git zentoo remote setup`
struct RemoteSetup: Command {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Have 'git fetch' bring the records of a remote that is there",
        discussion: """
            Adds what is missing to remote.<name>.fetch in git's configuration: the notes, \
            the tags and the newest builds, each to a place of its own.
            """)

    @Argument(help: ArgumentHelp("Which; without one, all", valueName: "name"))
    var names: [String] = []

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let settings = RepositorySettings(
            git: session.git, gitDirectory: session.repository.commonDirectory)
        let added = try await settings.complete(remotes: session.remotes(names))
        try context.output.report(
            SetupSummary(settings: added.map { "\($0.key)=\($0.value)" }), as: format.format)
    }
}

private struct SetupSummary: Report {
    /// The settings that were added.
    let settings: [String]

    var page: Page {
        var page = Page()
        for setting in settings { page.line("set \(setting)") }
        if settings.isEmpty { page.line("nothing was missing") }
        return page
    }
}
