/// A text file with one entry per line, `#` comments and blank lines, the
/// format of most files of Portage and of a site.
package struct LineFile: Sequence {
    /// A line that is neither blank nor a comment.
    package struct Line {
        /// The line number, counted from 1.
        package let number: Int
        /// The words, separated by blanks; there is at least one.
        package let words: [String]
    }

    private let lines: [Line]

    /// Reads a file.
    package init(_ bytes: some Sequence<UInt8>) {
        // This works on bytes: every command reads the thousands of lines of a
        // site.
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

    /// Returns an iterator over the lines, first to last.
    package func makeIterator() -> IndexingIterator<[Line]> { lines.makeIterator() }
}
