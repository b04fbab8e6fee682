/// Text in the man(7) language.
enum ManualText {
    /// Returns `text`, escaped so that roff shows it unchanged.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            default: escaped.append(character)
            }
        }
        // roff takes a line that begins with one of these as a request.
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }

    static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    /// Returns the lines of running text, with a paragraph break for each empty
    /// one.
    static func paragraphs(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.isEmpty ? ".PP" : escaped(String(line))
        }
    }

    /// Returns `text` with a full stop: help texts have none, manual pages do.
    static func sentence(_ text: String) -> String {
        guard let last = text.last, !".!?:".contains(last) else { return escaped(text) }
        return escaped(text) + "."
    }
}
