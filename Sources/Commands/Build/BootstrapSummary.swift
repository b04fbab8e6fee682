internal import Builds

/// The result of a bootstrap.
struct BootstrapSummary: Report {
    let bootstrap: TupleReport

    init(_ bootstrap: TupleReport) { self.bootstrap = bootstrap }

    func encode(to encoder: any Encoder) throws { try bootstrap.encode(to: encoder) }

    var page: Page {
        // A failed or planned bootstrap has no stage and is shown like a build.
        guard let stage = bootstrap.stage else { return BuildSummary(builds: [bootstrap]).page }
        var page = Page()
        let tag = bootstrap.tag ?? "no tag"
        if bootstrap.status == .built {
            page.line(
                """
                \(stage.name): \(tag) - \(PackageCounts.text(bootstrap.packages)) \
                in \(String(bootstrap.durationSeconds)) s
                """)
        } else {
            page.line("\(stage.name): up to date (\(tag))")
        }
        page.line("  sha256:\(stage.sha256), \(Amount.bytes(stage.size)): \(stage.archive)")
        return page
    }
}
