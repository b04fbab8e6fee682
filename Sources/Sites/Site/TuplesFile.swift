/// `config/tuples`: the tuples of a site and their options.
///
/// A line without a wildcard declares a tuple, followed by `key=value` options.
/// A line with a wildcard only sets options for the tuples it matches. Later
/// lines win, as in package.use.
package struct TuplesFile: Sendable {
    /// The path of the file on a site's branch.
    package static let path = "config/tuples"

    /// One line of the file.
    package struct Line: Sendable, Hashable {
        /// The line number, counted from 1.
        package let number: Int
        /// A tuple or a pattern, as written.
        package let subject: String
        /// The options that it sets.
        package let options: TupleOptions
    }

    /// All lines that are not empty.
    package let lines: [Line]
    /// The indices of the lines that declare a tuple, by the tuple as written:
    /// a site may have thousands.
    private let declared: [String: [Int]]
    /// The indices of the lines with a valid pattern, in the order of the file.
    private let patterns: [(index: Int, pattern: TuplePattern)]

    /// Reads the file; options that cannot be read are added to `mistakes` and
    /// left out.
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

    /// The names that lines without a wildcard declare, each once, in the order
    /// of the file; some may not be tuples.
    package var declaredNames: [String] {
        var seen: Set<String> = []
        return declarations.map(\.subject).filter { seen.insert($0).inserted }
    }

    /// Returns the options that all lines together set for `tuple`.
    package func options(of tuple: Tuple) -> TupleOptions {
        var result = TupleOptions()
        for line in lines(of: tuple) { result.override(with: line.options) }
        return result
    }

    /// Returns the lines that apply to `tuple`, in the order of the file.
    func lines(of tuple: Tuple) -> [Line] {
        let matching = patterns.lazy.filter { $0.pattern.matches(tuple) }.map(\.index)
        return (declared[tuple.text, default: []] + matching).sorted().map { lines[$0] }
    }
}
