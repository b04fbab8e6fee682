internal import ArgumentParser
internal import Records
internal import SystemPackage

/// `git zentoo remote update`
struct RemoteUpdate: Command {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Fetch from remotes and merge their records into this repository",
        discussion: """
            Merges notes line by line. If both repositories gave the same number to different \
            builds, the remote's tag keeps it, and the local tag is renumbered and signed \
            again. To publish the result: 'git push REMOTE refs/notes/zentoo \
            "refs/tags/zentoo*" "refs/zentoo/failed*"'. A server accepts this push only from \
            builders listed in its zentoo.allowBuilder.
            """)

    @Argument(help: ArgumentHelp("Names of remotes; defaults to all", valueName: "name"))
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
