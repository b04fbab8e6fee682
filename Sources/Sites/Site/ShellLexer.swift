/// Splits text into tokens as Python's `shlex` does in its POSIX mode with the word
/// characters that Portage gives it (`getconfig` in portage/util/__init__.py).
struct ShellLexer {
    /// What was read.
    struct Token: Equatable {
        /// What the token is made of.
        enum Kind { case word, sign }

        let text: String
        let kind: Kind
        /// Of its first character, counted from 1.
        let line: Int
        /// Of its last character.
        let lastLine: Int
    }

    /// A quote or backslash at the end of the text.
    struct Unfinished: Error, Equatable {
        /// Where it begins.
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

    /// The next token; nil at the end.
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
            // shlex begins a comment in a word, too.
            case "#": break loop
            case let scalar where Self.isWordCharacter(scalar):
                text.append(scalar)
                take()
            default: break loop
            }
        }
        return Token(text: String(text), kind: .word, line: start, lastLine: line)
    }

    /// The rest of a quoted part. A backslash in double quotes stays unless a quote
    /// or a backslash follows.
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
