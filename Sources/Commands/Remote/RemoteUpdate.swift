internal import ArgumentParser
internal import Records
internal import SystemPackage

/// `git zentoo remote update`
struct RemoteUpdate: Command {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Fetch from remotes, and join their records with those of this repository",
        discussion: """
            Notes are united, line by line. Where both have given one number to two builds, \
            the remote's tag keeps it, and ours is numbered anew and signed again. To hand \
            the result on: \
            'git push REMOTE refs/notes/zentoo "refs/tags/zentoo*" "refs/zentoo/failed*"'. A \
            server takes that from those in its zentoo.allowBuilder.
            """)

    @Argument(help: ArgumentHelp("Which; without one, all", valueName: "name"))
    var names: [String] = []

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let merge = RecordMerge(
            session.repository, signer: try session.signer(),
            identity: try await session.identity())
        var reports: [RecordMerge.Report] = []
        for name in try session.remotes(names) {
            let report = try await context.output.withProgress("fetching from '\(name)'") {
                meter in
                meter.update { _ in }
                return try await merge.run(name) { try await session.shared.fetch(name) }
            }
            reports.append(report)
        }
        try context.output.report(UpdateSummary(remotes: reports), as: format.format)
    }
}

private struct UpdateSummary: Report {
    let remotes: [RecordMerge.Report]

    var page: Page {
        var page = Page()
        for merge in remotes {
            if merge.isUpToDate {
                page.line("\(merge.remote, .strong): no new records")
            } else {
                page.line("\(merge.remote, .strong): \(Amount.of(merge.adopted.count, "new tag"))")
            }
            for tag in merge.adopted { page.line("  \(tag, .name)") }
            for tag in merge.renumbered { page.line("  \(tag.old) is now \(tag.new, .name)") }
            for obstacle in merge.obstacles { page.line("  \("not done", .bad): \(obstacle)") }
        }
        return page
    }
}
