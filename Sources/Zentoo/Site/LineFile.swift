/// A text file of one entry a line, `#` comments and blank lines: what most
/// files of Portage and of a site are.
struct LineFile: Sequence {
    struct Line {
        /// Counted from 1.
        let number: Int
        /// Separated by blanks; never empty.
        let words: [String]
    }

    private let lines: [Line]

    init(_ bytes: some Sequence<UInt8>) {
        let text = String(decoding: Array(bytes), as: UTF8.self)
        var found: [Line] = []
        var number = 0
        // Split on scalars: "\r\n" is one Character and would hide a newline.
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let content = line.prefix { $0 != "#" }
            let words = content.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map { String($0) }
            if !words.isEmpty { found.append(Line(number: number, words: words)) }
        }
        lines = found
    }

    func makeIterator() -> IndexingIterator<[Line]> { lines.makeIterator() }
}
