/// The assignments of a make.conf(5) file.
///
/// The grammar is the shell subset that Portage reads: `VAR="value"`,
/// optionally behind `export`, with both kinds of quotes, backslashes and
/// values over several lines. Nothing is expanded: what matters here is who
/// assigns what, and whether an assignment keeps what was there.
package struct MakeConf {
    /// One assignment, as `CFLAGS="-O2"` (make.conf(5)).
    package struct Assignment: Equatable {
        /// Of the assignment's first character, counted from 1.
        package let line: Int
        /// Of its last character: values may have several lines.
        package let lastLine: Int
        /// The variable.
        package let name: String
        /// Without quotes, `${VAR}` as written.
        package let value: String

        /// Whether the value expands one of `names`.
        func refers(to names: Set<String>) -> Bool { !references.isDisjoint(with: names) }

        /// The variables it expands.
        package var references: Set<String> {
            var found: Set<String> = []
            for piece in value.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
                let inner = piece.hasPrefix("{") ? piece.dropFirst() : piece
                found.insert(String(inner.prefix(while: MakeConf.isNameCharacter)))
            }
            return found
        }
    }

    /// The assignments, in the order of the file.
    package let assignments: [Assignment]

    /// Reads a file of make.conf.
    package init(_ bytes: [UInt8]) {
        var lexer = Lexer(String(decoding: bytes, as: UTF8.self))
        var found: [Assignment] = []
        while let assignment = lexer.next() { found.append(assignment) }
        assignments = found
    }

    fileprivate static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}

private struct Lexer {
    private var rest: Substring.UnicodeScalarView
    private var line = 1

    init(_ text: String) { rest = Substring(text).unicodeScalars }

    /// The next assignment; what is none (`source FILE`, junk) is passed over
    /// to the end of its line.
    mutating func next() -> MakeConf.Assignment? {
        while let scalar = rest.first {
            if scalar == "\n" || scalar == " " || scalar == "\t" || scalar == "\r" {
                _ = take()
                continue
            }
            if scalar == "#" {
                skipLine()
                continue
            }
            let start = line
            var word = takeName()
            if word == "export" {
                while rest.first == " " || rest.first == "\t" { _ = take() }
                word = takeName()
            }
            guard !word.isEmpty, rest.first == "=" else {
                skipLine()
                continue
            }
            _ = take()
            let value = takeValue()
            return MakeConf.Assignment(line: start, lastLine: line, name: word, value: value)
        }
        return nil
    }

    private mutating func take() -> Unicode.Scalar? {
        let scalar = rest.popFirst()
        if scalar == "\n" { line += 1 }
        return scalar
    }

    private mutating func skipLine() {
        while let scalar = rest.first, scalar != "\n" { _ = take() }
    }

    private mutating func takeName() -> String {
        var name = ""
        while let scalar = rest.first, MakeConf.isNameCharacter(Character(scalar)) {
            name.unicodeScalars.append(scalar)
            _ = take()
        }
        return name
    }

    private mutating func takeValue() -> String {
        var value = ""
        var quote: Unicode.Scalar?
        while let scalar = rest.first {
            if quote == nil, scalar == "\n" || scalar == " " || scalar == "\t" || scalar == "\r" {
                break
            }
            _ = take()
            switch (scalar, quote) {
            case ("\\", nil), ("\\", "\""):
                // An escaped newline continues the line; other escapes stand
                // for themselves.
                if let next = take(), next != "\n" { value.unicodeScalars.append(next) }
            case ("\"", nil), ("'", nil): quote = scalar
            case (_, .some(let open)) where open == scalar: quote = nil
            default: value.unicodeScalars.append(scalar)
            }
        }
        return value
    }
}
