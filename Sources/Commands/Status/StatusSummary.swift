internal import Git
internal import Records
internal import Sites

/// The state of a site on one screen.
struct StatusSummary: Report {
    let status: SiteStatus
    let now: Timestamp

    func encode(to encoder: any Encoder) throws { try status.encode(to: encoder) }

    var page: Page {
        var page = Page()
        let commit = status.commit.map { String($0.description.prefix(12)) }
        page.line("Site \(status.site, .strong)\(commit.map { " at \($0)" } ?? "")")
        if status.tuples.isEmpty {
            page.line("  no tuples yet")
            page.line("  \("hint:", .name) add a line to \(TuplesFile.path) on the site's branch")
        }
        addTuples(to: &page)
        for build in status.underWay {
            let time = RelativeTime.text(build.build.started, now: now)
            page.line(
                build.runsHere
                    ? "\("building", .good) \(build.subject), begun \(time), build \(build.build, .name)"
                    : "\("begun", .notice) \(build.subject) \(time), not by a process of this "
                        + "machine, build \(build.build, .name)")
        }
        addRemarks(to: &page)
        return page
    }

    private func addTuples(to page: inout Page) {
        guard !status.tuples.isEmpty else { return }
        page.line()
        var table = Table(
            .left("tuple"), .right("last"), .left("when"), .left("state"))
        for tuple in status.tuples {
            let number = tuple.latest?.tag?.split(separator: "/").last.map { "@\($0)" }
            table.row(
                "\(tuple.tuple)", "\(number ?? "", .name)",
                "\(tuple.latest.map { RelativeTime.text($0.result.started, now: now) } ?? "never")",
                tuple.state(now: now))
        }
        page.table(table)
        page.line()
    }

    private func addRemarks(to page: inout Page) {
        if status.commit == nil {
            page.line("The site's branches are not here: what was built is compared with nothing")
        }
        if !status.hasPool, status.tuples.contains(where: { $0.latest != nil }) {
            page.line("The pool is not here: whether it still has the packages is not known")
        }
        let own = status.mistakes.count
        let others = Set(status.tuples.flatMap(\.mistakes)).subtracting(status.mistakes).count
        if own + others > 0 {
            page.line("\(Amount.of(own + others, "mistake"), .bad) in the site's branches")
            page.line("  \("hint:", .name) 'git zentoo tuple check' tells each with its place")
        }
        let stale = status.tuples.filter { $0.status?.isUpToDate == false }
        if let first = stale.first {
            page.line(
                """
                \("hint:", .name) 'git zentoo why \(first.tuple)' tells more, \
                'git zentoo build\(stale.count > 1 ? " --all" : " " + first.tuple)' builds
                """)
        }
    }
}
