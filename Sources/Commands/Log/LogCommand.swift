internal import ArgumentParser
internal import Records
internal import Sites

/// `git zentoo log`
struct LogCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List builds, newest first",
        discussion: """
            Includes failed builds, with the phase and package that failed. The records are \
            notes and tags, so the list is the same in every clone that has them.
            """)

    @Argument(
        help: ArgumentHelp("List only builds of this tuple, root or stage", valueName: "tuple"),
        completion: .recordedSeries)
    var tuple: String?

    @Option(
        name: .customShort("n", allowingJoined: true),
        help: ArgumentHelp("List at most this many builds", valueName: "number"))
    var limit: Int?

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("'-n' wants a number from 0") }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let records = try await session.records()
        let builds = try builds(in: records, of: session.siteName)
        if builds.isEmpty, tuple == nil {
            let sites = Set(try records.whence.series().map(\.site.text)).sorted()
            context.output.status("site '\(session.siteName)' has no builds")
            if !sites.isEmpty {
                context.output.hint("name one with --site: \(sites.joined(separator: ", "))")
            }
        }
        try context.output.report(LogSummary(builds: builds, now: .now), as: format.format)
    }

    private func builds(in records: ResultReader, of site: ZentooName) throws -> [BuildEntry] {
        guard let tuple else { return try records.log(site: site, limit: limit) }
        let known = try records.whence.series(of: site).map(\.tuple)
        if known.contains(tuple) {
            return try records.log(site: site, tuple: tuple, limit: limit)
        }
        if let root = try records.whence.roots().first(where: { $0.text == tuple }) {
            return Array(try records.log(root: root).prefix(limit ?? .max))
        }
        if let stage = try records.whence.stages(of: site).first(where: {
            $0.stage?.text == tuple
        }) {
            return try records.log(of: stage, limit: limit)
        }
        throw ZentooError(
            .notFound, "no build of tuple '\(tuple)' in site '\(site)'",
            hints: known.isEmpty ? [] : ["built were: \(known.joined(separator: ", "))"])
    }
}
