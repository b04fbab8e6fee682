/// A text file of one entry a line, `#` comments and blank lines: what most
/// files of Portage and of a site are.
package struct LineFile: Sequence {
    /// A line that is neither blank nor a comment.
    package struct Line {
        /// Counted from 1.
        package let number: Int
        /// Separated by blanks; never empty.
        package let words: [String]
    }

    private let lines: [Line]

    /// Reads a file.
    package init(_ bytes: some Sequence<UInt8>) {
        // By bytes: a site's thousand lines are read by every command.
        let content = Array(bytes)
        var found: [Line] = []
        var number = 0
        for line in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let words = line.prefix { $0 != UInt8(ascii: "#") }
                .split {
                    $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r")
                }
                .map { String(decoding: $0, as: UTF8.self) }
            if !words.isEmpty { found.append(Line(number: number, words: words)) }
        }
        lines = found
    }

    /// The lines, first to last.
    package func makeIterator() -> IndexingIterator<[Line]> { lines.makeIterator() }
}
