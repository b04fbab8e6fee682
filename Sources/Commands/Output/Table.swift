/// Rows of cells in aligned columns.
struct Table: Sendable, Hashable {
    /// A column: its title and the alignment of its cells.
    struct Column: Sendable, Hashable {
        enum Side: Sendable, Hashable {
            case left
            case right
        }

        let title: String
        let side: Side

        static func left(_ title: String) -> Column { Column(title: title, side: .left) }
        static func right(_ title: String) -> Column { Column(title: title, side: .right) }
    }

    private let columns: [Column]
    private var rows: [[StyledText]] = []

    /// Creates an empty table.
    init(_ columns: Column...) {
        self.columns = columns
    }

    /// Adds a row; missing cells stay empty.
    mutating func row(_ cells: StyledText...) {
        rows.append(cells)
    }

    /// Returns the lines, header first; none if there is no row.
    func lines(colored: Bool) -> [String] {
        guard !rows.isEmpty else { return [] }
        let all = [columns.map { StyledText($0.title.uppercased(), .faint) }] + rows
        let cells = all.map { $0.prefix(columns.count).map(\.width) }
        let widths = columns.indices.map { column in
            cells.reduce(0) { max($0, column < $1.count ? $1[column] : 0) }
        }
        return zip(all, cells).map { row, cells in
            var line = ""
            var gap = 0
            for (index, (cell, width)) in zip(row, cells).enumerated() {
                let padding = widths[index] - width
                let before = columns[index].side == .right ? padding : 0
                // Padding is written only before the next visible cell: no
                // trailing blanks.
                if width > 0 {
                    line += String(repeating: " ", count: gap + before)
                    line += cell.rendered(colored: colored)
                    gap = 2 + padding - before
                } else {
                    gap += 2 + padding
                }
            }
            return line
        }
    }
}
