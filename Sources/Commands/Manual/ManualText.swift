/// Text in the man(7) language.
enum ManualText {
    /// `text` so that roff shows it as it is.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            default: escaped.append(character)
            }
        }
        // A line that began with these would be a request.
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }

    static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    /// Paragraphs of running text, without full stops lost or doubled.
    static func paragraphs(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.isEmpty ? ".PP" : escaped(String(line))
        }
    }

    /// Help says its sentence without a full stop, a manual with one.
    static func sentence(_ text: String) -> String {
        guard let last = text.last, !".!?:".contains(last) else { return escaped(text) }
        return escaped(text) + "."
    }
}
