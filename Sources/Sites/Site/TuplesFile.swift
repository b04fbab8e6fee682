/// `config/tuples`: which tuples a site has and with what options.
///
/// A line without wildcard declares a tuple, then `key=value` options; a line
/// with one only sets options for the tuples it matches. Later lines win, as
/// in package.use.
package struct TuplesFile: Sendable {
    /// Where the file lies on a site's branch.
    package static let path = "config/tuples"

    /// One line of the file.
    package struct Line: Sendable, Hashable {
        /// Counted from 1.
        package let number: Int
        /// A tuple or a pattern, as written.
        package let subject: String
        /// What it sets.
        package let options: TupleOptions
    }

    /// All lines with something in them.
    package let lines: [Line]
    /// Where the lines that declare a tuple are, by the tuple as written: a
    /// site may have thousands.
    private let declared: [String: [Int]]
    /// Where the others are, in the file's order.
    private let patterns: [(index: Int, pattern: TuplePattern)]

    /// Reads the file; what cannot be read is told in `mistakes` and left out.
    package init(_ bytes: [UInt8], ref: String?, mistakes: inout [Mistake]) {
        var lines: [Line] = []
        for line in LineFile(bytes) {
            var options = TupleOptions()
            for word in line.words.dropFirst() {
                if let problem = options.set(word) {
                    mistakes.append(
                        Mistake(
                            ref: ref, file: Self.path, line: line.number,
                            message: problem.message, hint: problem.hint))
                }
            }
            lines.append(Line(number: line.number, subject: line.words[0], options: options))
        }
        self.lines = lines
        var declared: [String: [Int]] = [:]
        var patterns: [(index: Int, pattern: TuplePattern)] = []
        for (index, line) in lines.enumerated() {
            if !TuplePattern.isPattern(line.subject) {
                declared[line.subject, default: []].append(index)
            } else if let pattern = TuplePattern(line.subject) {
                patterns.append((index, pattern))
            }
        }
        self.declared = declared
        self.patterns = patterns
    }

    /// The lines that declare a tuple.
    package var declarations: [Line] { lines.filter { !TuplePattern.isPattern($0.subject) } }

    /// What the lines without a wildcard declare, each once, in the file's order;
    /// some may be the names of no tuple.
    package var declaredNames: [String] {
        var seen: Set<String> = []
        return declarations.map(\.subject).filter { seen.insert($0).inserted }
    }

    /// What all lines together say of `tuple`.
    package func options(of tuple: Tuple) -> TupleOptions {
        var result = TupleOptions()
        for line in lines(of: tuple) { result.override(with: line.options) }
        return result
    }

    /// The lines that say something of `tuple`, in the file's order.
    func lines(of tuple: Tuple) -> [Line] {
        let matching = patterns.lazy.filter { $0.pattern.matches(tuple) }.map(\.index)
        return (declared[tuple.text, default: []] + matching).sorted().map { lines[$0] }
    }
}
