internal import ArgumentParser
internal import Server
internal import Sites

/// `git zentoo queue list`
struct QueueList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List running, waiting and failed tuples; waiting ones in their order")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await QueueSession.open(context, site)
        let items = try [BuildQueue.State.running, .waiting, .failed].flatMap {
            try session.queue.items($0)
        }
        try context.output.report(
            QueueListing(items: items, pause: session.queue.pause(), now: .now), as: format.format)
    }
}

private struct QueueListing: Report {
    let items: [BuildQueue.Item]
    let pause: QueuePause?
    let now: Timestamp

    private enum CodingKeys: CodingKey {
        case items, pause
    }

    var page: Page {
        var page = Page()
        if let pause {
            page.line(
                """
                \("paused", .notice) by '\(pause.by)' \
                \(RelativeTime.text(pause.since, now: now))\
                \(pause.reason.map { ": \($0)" } ?? "")
                """)
        }
        var table = Table(
            .left("state"), .left("tuple"), .left("by"), .left("since"), .right("priority"),
            .left("what is new"))
        for (index, item) in items.enumerated() {
            let waiting = items[...index].count { $0.state == .waiting }
            let entry = item.entry
            let state: StyledText =
                switch item.state {
                case .waiting: "waiting #\(waiting)"
                case .running: "\("running", .good)"
                case .failed: "\("failed", .bad)"
                case .cancelled: "cancelled"
                }
            table.row(
                state, "\(entry.key)", "\(entry.pusher)",
                "\(RelativeTime.text(entry.claim?.started ?? entry.since, now: now))",
                "\(entry.priority == 0 ? "" : String(entry.priority))",
                "\(entry.reason ?? QueuedPage.shown(entry.changes))")
        }
        page.table(table)
        if items.isEmpty { page.line("nothing is queued") }
        return page
    }
}
