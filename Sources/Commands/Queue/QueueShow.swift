internal import ArgumentParser
internal import Git
internal import Server

/// `git zentoo queue show`
struct QueueShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all details of a tuple in the queue")

    @Argument(
        help: "Tuple, or SITE/TUPLE for a tuple of another site", completion: .queuedTuples
    )
    var tuple: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await QueueSession.open(context, site)
        let items = try [BuildQueue.State.running, .waiting, .failed].compactMap {
            try session.queue.item($0, session.key(tuple))
        }
        guard !items.isEmpty else { throw session.absent(tuple, "in the queue") }
        try context.output.report(QueueEntryPage(items: items), as: format.format)
    }
}

private struct QueueEntryPage: Report {
    let items: [BuildQueue.Item]

    var page: Page {
        var page = Page()
        for (index, item) in items.enumerated() {
            if index > 0 { page.line() }
            add(item, to: &page)
        }
        return page
    }

    private func add(_ item: BuildQueue.Item, to page: inout Page) {
        let entry = item.entry
        page.line("\(entry.key, .strong) \(item.state.rawValue)")
        page.line("  commit    \(entry.commit, .name)")
        for (branch, commit) in entry.heads.sorted(by: { $0.key < $1.key }) {
            page.line("  from      \(branch) \(commit, .name)")
        }
        page.line("  pushed    by \(entry.pusher), \(entry.queued)")
        if entry.since != entry.queued { page.line("  waits     since \(entry.since)") }
        if entry.priority != 0 { page.line("  priority  \(entry.priority)") }
        if entry.isForced { page.line("  forced    whatever is known of it") }
        if entry.attempts > 0 { page.line("  attempts  \(entry.attempts)") }
        if let claim = entry.claim {
            page.line("  worker    \(claim.worker), \(claim.started)")
            if let build = claim.build { page.line("  build     \(build, .name)") }
        }
        if let reason = entry.reason { page.line("  reason    \("\(reason)", .bad)") }
        for hint in entry.hints { page.line("  hint      \(hint)") }
        for change in entry.changes { page.line("  new       \(change)") }
    }
}
