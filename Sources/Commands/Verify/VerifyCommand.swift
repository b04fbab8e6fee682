internal import ArgumentParser
internal import Builds
internal import Engines
internal import Files
internal import Records
internal import Sites

/// `git zentoo verify`
struct VerifyCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare the pool with the records",
        discussion: """
            Reads every binary package of the latest builds, including later failed ones, and \
            every stage of the latest bootstraps, and compares them with the recorded digests. \
            Missing and changed files are listed with the build that needs them. Files that no \
            record names, partial files, and indexes ('Packages') that do not match the files \
            are listed too. Trees of this repository and ebuild repositories that builds mount \
            from the state directory are compared with their object ids. The status is 1 if \
            anything is wrong.
            """)

    @Flag(help: "Check the packages of all builds of all sites, not only of the latest")
    var all = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let pool = session.settings.state.pool
        guard try FileStatus.of(pool, followingLinks: true)?.kind == .directory else {
            throw ZentooError(
                .notFound, "the pool is not here: there is no '\(pool)'",
                hints: ["'git config zentoo.pool DIR' says where it is"])
        }
        let records = try await session.records()
        let site = session.siteName
        var report = try await context.output.withProgress("verifying the pool") { meter in
            try await records.verify(pool: pool, scope: all ? .all : .newest(site: site)) {
                progress in
                meter.update { state in
                    state.phase =
                        "\(Amount.bytes(progress.done)) of \(Amount.bytes(progress.total))"
                }
            }
        }
        report.alteredCopies = try await CopyCheck(
            state: session.settings.state, privileges: .current(launcher: context.executable)
        ).altered()
        try context.output.report(PoolSummary(report), as: format.format)
        if !report.isRight { throw NegativeAnswer() }
    }
}
