internal import ArgumentParser
internal import Builds
internal import Records
internal import Sites

/// `git zentoo status`, and `git zentoo` alone
struct StatusCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the tuples of the site, their last builds, and what is stale",
        discussion: """
            Composes every tuple and compares it with its last build, without starting \
            Portage. 'git zentoo' without a command does the same.
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let records = try await session.records(storing: false)
        let status = try session.inspector(records).status()
        try await session.warnOfOutdatedBranches(status.tuples.map(\.tuple))
        try context.output.report(StatusSummary(status: status, now: .now), as: format.format)
    }
}

extension Session {
    /// Returns the inspector that compares the site with the records.
    func inspector(_ records: ResultReader) throws -> SiteInspector {
        try SiteInspector(
            siteName, remote: settings.remote(of: siteName), state: settings.state,
            reader: records)
    }
}
