internal import ArgumentParser
internal import Records
internal import Sites

/// `git zentoo diff`
struct DiffCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show the differences between two builds",
        discussion: """
            Lists changed configuration files with git's status letters, then packages that \
            were added, removed, upgraded, downgraded, reconfigured (other USE flags) or \
            rebuilt. 'git diff' between the two tags shows the configuration line by line.
            """)

    @Argument(
        help: ArgumentHelp(
            "Tuple, TUPLE@N, tag, or the beginning of a build id", valueName: "build"),
        completion: .builds)
    var before: String

    @Argument(
        help: ArgumentHelp(
            "Build to compare it with; by default the first build is compared with the "
                + "successful build before it",
            valueName: "build"),
        completion: .builds)
    var after: String?

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let records = try await session.records()
        let first = try records.build(before, site: session.siteName)
        let difference =
            if let after {
                try records.difference(
                    from: first, to: try records.build(after, site: session.siteName))
            } else {
                try records.difference(from: previous(first, in: records), to: first)
            }
        try context.output.report(BuildComparison(difference), as: format.format)
    }

    private func previous(_ entry: BuildEntry, in records: ResultReader) throws -> BuildEntry {
        guard let previous = try records.success(before: entry) else {
            throw ZentooError(
                .notFound, "no success of '\(entry.result.series)' before '\(before)'",
                hints: ["'git zentoo show \(before)' shows all of it"])
        }
        return previous
    }
}
