/// Splits text into tokens as Python's `shlex` does in its POSIX mode with the
/// word characters that Portage sets (`getconfig` in portage/util/__init__.py).
struct ShellLexer {
    /// A token of the text.
    struct Token: Equatable {
        /// The kinds of tokens: a word, or any other single character.
        enum Kind { case word, sign }

        let text: String
        let kind: Kind
        /// The line of its first character, counted from 1.
        let line: Int
        /// The line of its last character.
        let lastLine: Int
    }

    /// An unclosed quote, or a backslash at the end of the text.
    struct Unfinished: Error, Equatable {
        /// The line where it begins.
        let line: Int
        let message: String
    }

    private var rest: Substring.UnicodeScalarView
    private var line = 1

    init(_ text: String) { rest = Substring(text).unicodeScalars }

    private static let blanks: Set<Unicode.Scalar> = [" ", "\t", "\r", "\n"]
    private static let wordSigns = Set("~!@#$%*_\\:;?,./-+{}".unicodeScalars)

    private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        wordSigns.contains(scalar)
            || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }

    /// Returns the next token; nil at the end.
    mutating func next() throws(Unfinished) -> Token? {
        while let scalar = rest.first, Self.blanks.contains(scalar) || scalar == "#" {
            if scalar == "#" { skipLine() } else { take() }
        }
        guard let first = rest.first else { return nil }
        let start = line
        guard Self.isWordCharacter(first) || "\"'".unicodeScalars.contains(first) else {
            take()
            return Token(text: String(first), kind: .sign, line: start, lastLine: line)
        }
        var text = String.UnicodeScalarView()
        loop: while let scalar = rest.first {
            switch scalar {
            case "'", "\"":
                take()
                try takeQuoted(scalar, into: &text)
            case "\\":
                take()
                guard let escaped = take() else {
                    throw Unfinished(line: line, message: "a backslash is the last character")
                }
                text.append(escaped)
            // In shlex a comment can also begin within a word.
            case "#": break loop
            case let scalar where Self.isWordCharacter(scalar):
                text.append(scalar)
                take()
            default: break loop
            }
        }
        return Token(text: String(text), kind: .word, line: start, lastLine: line)
    }

    /// Reads the rest of a quoted part. In double quotes a backslash is kept
    /// unless a quote or backslash follows.
    private mutating func takeQuoted(
        _ quote: Unicode.Scalar, into text: inout String.UnicodeScalarView
    ) throws(Unfinished) {
        let start = line
        while let scalar = take() {
            if scalar == quote { return }
            if scalar == "\\", quote == "\"" {
                guard let escaped = take() else { break }
                if escaped != "\\", escaped != quote { text.append(scalar) }
                text.append(escaped)
            } else {
                text.append(scalar)
            }
        }
        throw Unfinished(line: start, message: "the quote that begins here is not closed")
    }

    @discardableResult
    private mutating func take() -> Unicode.Scalar? {
        let scalar = rest.popFirst()
        if scalar == "\n" { line += 1 }
        return scalar
    }

    private mutating func skipLine() {
        while let scalar = rest.first, scalar != "\n" { take() }
    }
}
