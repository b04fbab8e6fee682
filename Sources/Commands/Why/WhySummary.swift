internal import Git
internal import Records
internal import Sites

/// The reasons why a tuple would be built or not.
struct WhySummary: Report {
    let standing: TupleStanding
    let now: Timestamp

    func encode(to encoder: any Encoder) throws { try standing.encode(to: encoder) }

    var page: Page {
        var page = Page()
        page.line("\(standing.tuple, .strong): \(standing.state(now: now))")
        if let latest = standing.latest {
            page.line("  last success: \(last(latest))")
        }
        if let failed = standing.failedSince {
            page.line(
                "  since then: \(failed.outcome), \(RelativeTime.text(failed.result.started, now: now))"
            )
            page.line("  \("hint:", .name) git zentoo show \(failed.result.build)")
        }
        page.mistakes(standing.mistakes)
        guard let status = standing.status else {
            if standing.mistakes.isEmpty {
                page.line("  the site's branches are not here: nothing to compare it with")
            }
            return page
        }
        if let before = status.builtBefore {
            page.line(
                "  built before as \(before.series) \(before.build, .name): a build only tags it")
        }
        for change in status.changes {
            page.line("  \(change.change.status.rawValue, .notice)  \(change.change.path)")
            for commit in change.commits {
                page.line(
                    """
                         \(commit.branch ?? "") \(commit.id.description.prefix(12), .name) \
                    \(commit.subject) (\(commit.author))
                    """)
            }
        }
        for path in status.missing { page.line("  \("missing", .bad) in the pool: \(path)") }
        for cpv in status.live { page.line("  \("live", .notice): \(cpv) may have new sources") }
        return page
    }

    private func last(_ entry: BuildEntry) -> StyledText {
        "\(entry.shownName, .name), \(RelativeTime.text(entry.result.started, now: now))"
    }
}

extension TupleStanding {
    /// Returns a short description of the standing.
    func state(now: Timestamp) -> StyledText {
        guard let status else {
            if !mistakes.isEmpty {
                return "\("cannot be composed", .bad): \(Amount.of(mistakes.count, "mistake"))"
            }
            return "not compared"
        }
        let failure: StyledText =
            failedSince.map { entry in
                """
                ; \("failed", .bad) \(entry.result.failure?.place ?? "") \
                \(RelativeTime.text(entry.result.started, now: now))
                """
            } ?? ""
        if status.isUpToDate { return "\("up to date", .good)" + failure }
        var reasons: [String] = []
        let inputs = TupleInput.allCases.filter { input in
            status.changes.contains { $0.input == input }
        }
        if !inputs.isEmpty {
            reasons.append(inputs.map(\.rawValue).joined(separator: ", ") + " changed")
        }
        if !status.missing.isEmpty {
            reasons.append("\(Amount.of(status.missing.count, "package")) missing in the pool")
        }
        if !status.live.isEmpty { reasons.append(Amount.of(status.live.count, "live package")) }
        if status.builtBefore != nil { reasons.append("built before") }
        if latest == nil, reasons.isEmpty { return "\("never built", .notice)" + failure }
        return "\("stale", .notice): \(reasons.joined(separator: "; "))" + failure
    }
}
