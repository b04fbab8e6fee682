/// Reads assignments as Portage's `getconfig` does.
struct MakeConfReader {
    private var lexer: ShellLexer
    private(set) var assignments: [MakeConf.Assignment] = []
    private(set) var problems: [MakeConf.Problem] = []

    init(_ text: String) { lexer = ShellLexer(text) }

    mutating func read() {
        while var key = token() {
            if key.text == "export", key.kind == .word {
                guard let name = token() else { break }
                key = name
            }
            guard let sign = token() else {
                if problems.isEmpty {
                    report(key.line, "'\(key.text)' without a value", "write NAME=\"VALUE\"")
                }
                return
            }
            guard sign.text == "=", sign.kind == .sign else {
                report(
                    sign.line, "'\(sign.text)' stands where '=' has to: Portage reads no further",
                    "write NAME=\"VALUE\", with quotes around the value")
                return
            }
            guard let value = token() else {
                if problems.isEmpty {
                    report(key.line, "\(key.text) has no value", "write \(key.text)=\"\"")
                }
                return
            }
            guard Self.isName(key.text) else {
                report(
                    key.line, "'\(key.text)' is not a variable's name",
                    "use letters, digits and underscores, a digit not first")
                continue
            }
            assignments.append(
                MakeConf.Assignment(
                    line: key.line, lastLine: value.lastLine, name: key.text,
                    value: value.text.replacing("\\\n", with: "")))
        }
    }

    /// Returns the next token. `source FILE` is reported and skipped: that file
    /// is not part of the branch's file, and has another path relative to a
    /// composed make.conf.
    private mutating func token() -> ShellLexer.Token? {
        do {
            while let token = try lexer.next() {
                guard token.text == "source", token.kind == .word else { return token }
                let file = try lexer.next()?.text ?? ""
                report(
                    token.line, "'source \(file)' is not followed",
                    "put the lines of '\(file)' here, or into a file of make.conf/")
            }
        } catch {
            report(error.line, error.message, "close the quote, or remove the backslash")
        }
        return nil
    }

    private mutating func report(_ line: Int, _ message: String, _ hint: String) {
        problems.append(MakeConf.Problem(line: line, message: message, hint: hint))
    }

    private static func isName(_ text: String) -> Bool {
        text.allSatisfy(MakeConf.isNameCharacter) && text.first?.isNumber == false
    }
}
