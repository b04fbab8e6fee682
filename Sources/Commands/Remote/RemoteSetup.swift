internal import ArgumentParser
internal import Git
internal import Records
internal import SystemPackage

/// `git zentoo remote setup`
struct RemoteSetup: Command {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Configure 'git fetch' to fetch the records of an existing remote",
        discussion: """
            Adds missing refspecs to remote.<name>.fetch in git's configuration: for the \
            notes, the tags and the references to the latest builds, each with a separate \
            destination.
            """)

    @Argument(help: ArgumentHelp("Names of remotes; defaults to all", valueName: "name"))
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
