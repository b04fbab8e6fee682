internal import Records
internal import Sites

/// The differences between two builds.
struct BuildComparison: Report {
    let difference: BuildDifference

    init(_ difference: BuildDifference) { self.difference = difference }

    func encode(to encoder: any Encoder) throws { try difference.encode(to: encoder) }

    var page: Page {
        var page = Page()
        page.line(
            "\(name(of: difference.before), .strong) -> \(name(of: difference.after), .strong)")
        if let configuration = difference.configuration {
            page.changes(configuration)
        } else {
            page.line("  a configuration is no longer in this repository")
        }
        if difference.packages.isEmpty {
            page.line("  the same packages")
            return page
        }
        page.line()
        var table = Table(
            .left("change"), .left("package"), .left("before"), .left("after"), .left("use"))
        for change in difference.packages {
            let slot = change.slot == "0" ? "" : ":\(change.slot)"
            table.row(
                "\(change.kind.rawValue, style(change.kind))", "\(change.package)\(slot)",
                "\(change.before.map { "\($0.cpv.version)" } ?? "")",
                "\(change.after.map { "\($0.cpv.version)" } ?? "")", flags(change))
        }
        page.table(table)
        return page
    }

    private func name(of entry: BuildEntry) -> String {
        entry.tag ?? "\(entry.result.series) \(entry.result.build)"
    }

    private func flags(_ change: PackageChange) -> StyledText {
        let added = change.useAdded.map { StyledText("+\($0)", .good) }
        let removed = change.useRemoved.map { StyledText("-\($0)", .bad) }
        return (added + removed).reduce("") { line, flag in
            line.width == 0 ? flag : line + " " + flag
        }
    }

    private func style(_ kind: PackageChange.Kind) -> StyledText.Style {
        switch kind {
        case .added: .good
        case .removed: .bad
        case .upgraded, .downgraded, .reconfigured: .notice
        case .rebuilt: .plain
        }
    }
}
