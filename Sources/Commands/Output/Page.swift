/// The text of a result: lines and tables, top to bottom.
struct Page: Sendable, Hashable {
    private enum Block: Sendable, Hashable {
        case line(StyledText)
        case table(Table)
    }

    private var blocks: [Block] = []

    /// Creates an empty page, which prints nothing, not even an empty line.
    init() {}

    /// Adds a line.
    mutating func line(_ text: StyledText = "") {
        blocks.append(.line(text))
    }

    /// Adds a table.
    mutating func table(_ table: Table) {
        blocks.append(.table(table))
    }

    /// Returns the page as text; each line ends in a newline.
    func rendered(colored: Bool) -> String {
        var page = ""
        for block in blocks {
            switch block {
            case .line(let text): page += text.rendered(colored: colored) + "\n"
            case .table(let table):
                for line in table.lines(colored: colored) {
                    page += line
                    page += "\n"
                }
            }
        }
        return page
    }
}
