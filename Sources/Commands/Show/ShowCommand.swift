internal import ArgumentParser
internal import Builds
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// `git zentoo show`
struct ShowCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the complete record of a build",
        discussion: """
            Shows the commits and the stage of the build, its result, and every binary package \
            that was made, reused or found.
            """)

    @Argument(
        help: ArgumentHelp(
            "Tuple, TUPLE@N, tag, or the beginning of a build id", valueName: "build"),
        completion: .builds)
    var build: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let records = try await session.records()
        let report = try records.report(of: records.build(build, site: session.siteName))
        let log = session.settings.state.log(of: report.result.build)
        try context.output.report(
            BuildRecord(
                report, configuration: try records.configuration(of: report.result),
                log: try FileStatus.of(log) == nil ? nil : log.string, now: .now),
            as: format.format)
    }
}
