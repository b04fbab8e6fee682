internal import Server

/// The tuples that were queued, and those that were not and why.
struct QueuedPage: Report {
    let outcomes: [QueueFeeder.Outcome]
    let pause: QueuePause?

    /// The maximum number of tuples shown.
    private static let mostShown = 40
    private static let mostChanges = 3

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(outcomes)
    }

    var page: Page {
        var page = Page()
        // Tuples without a place come first: a worker has taken them already.
        let queued = outcomes.filter(\.isQueued).sorted { $0.place ?? 0 < $1.place ?? 0 }
        if !queued.isEmpty {
            page.line("queued \(Amount.of(queued.count, "tuple")):")
            var table = Table(.right("place"), .left("tuple"), .left("what is new"))
            for outcome in queued.prefix(Self.mostShown) {
                let note = outcome.kind == .superseded ? " (instead of an older one)" : ""
                table.row(
                    "\(outcome.place.map(String.init) ?? "now")",
                    "\(outcome.site)/\(outcome.tuple)",
                    "\(Self.shown(outcome.changes))\(note)")
            }
            page.table(table)
            addRest(queued.count, to: &page)
        }
        let others = outcomes.filter { !$0.isQueued && $0.kind != .skipped }
        for outcome in others.prefix(Self.mostShown) { add(outcome, to: &page) }
        addRest(others.count, to: &page)
        let skipped = outcomes.count { $0.kind == .skipped }
        if skipped > 0 { page.line("not queued, as asked: \(Amount.of(skipped, "tuple"))") }
        if let pause, !queued.isEmpty {
            page.line(
                "\("warning:", .notice) the queue was paused by '\(pause.by)'"
                    + (pause.reason.map { ": \($0)" } ?? ""))
        }
        return page
    }

    private func add(_ outcome: QueueFeeder.Outcome, to page: inout Page) {
        let name = "\(outcome.site)/\(outcome.tuple)"
        switch outcome.kind {
        case .failing:
            guard let failure = outcome.failure else { break }
            page.line(
                """
                \(name): not queued, \(failure.package) failed in \(failure.phase) of just \
                this (build \(failure.build))
                """)
            page.line("\("hint:", .name) git zentoo queue add --force \(outcome.tuple)")
        case .broken:
            page.line("\(name): not queued, \(outcome.reason ?? "it cannot be composed")")
        case .gone:
            page.line("\(name): no longer declared")
        case .queued, .superseded, .known, .skipped:
            break
        }
    }

    private func addRest(_ count: Int, to page: inout Page) {
        guard count > Self.mostShown else { return }
        page.line("  and \(count - Self.mostShown) more")
    }

    static func shown(_ changes: [String]) -> String {
        let rest = changes.count - mostChanges
        return changes.prefix(mostChanges).joined(separator: ", ")
            + (rest > 0 ? " and \(rest) more" : "")
    }
}
