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
            Reads every binary package of the newest builds, those that failed since \
            included, and every stage of the newest bootstraps, and compares it with its \
            recorded digest. Missing and altered files are shown with the build that needs \
            them, and so are files that no record knows, partial files, and indexes \
            ('Packages') that do not say what is there. What builds mount from the state \
            directory, trees of this repository and ebuild repositories, is compared with the \
            ids it was made of. The status is 1 when anything is wrong.
            """)

    @Flag(help: "Compare what all builds of all sites made, not of the newest alone")
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
