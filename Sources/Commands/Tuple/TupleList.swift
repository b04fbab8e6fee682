internal import ArgumentParser
internal import Records
internal import Sites

/// `git zentoo tuple list`
struct TupleList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tuples of the site with their latest builds")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let tuples = try session.site().tuples(ResultReader(session.repository))
        try context.output.report(TupleListing(tuples: tuples), as: format.format)
    }
}

private struct TupleListing: Report {
    let tuples: [TupleEntry]

    var page: Page {
        var page = Page()
        var table = Table(
            .left("tuple"), .left("stage"), .left("options"), .left("newest build"), .left("state"))
        for tuple in tuples {
            table.row(
                "\(tuple.tuple, .name)", "\(tuple.stage ?? "")",
                "\(tuple.options.joined(separator: " "))", Self.build(of: tuple),
                StyledText(mistakes: tuple.mistakes))
        }
        page.table(table)
        return page
    }

    private static func build(of tuple: TupleEntry) -> StyledText {
        guard let status = tuple.status, let date = tuple.date else {
            return StyledText("never", .faint)
        }
        let day = date.description.prefix(10)
        return switch status {
        case .success: "\(tuple.tag.map { Self.number($0) } ?? "", .good) \(day)"
        case .failure: "\("failed", .bad) \(day)"
        case .cancelled: "\("cancelled", .notice) \(day)"
        }
    }

    /// Returns the number at the end of a tag; the rest of the tag is in the
    /// row.
    private static func number(_ tag: String) -> String {
        "@" + (tag.split(separator: "/").last ?? "")
    }
}
