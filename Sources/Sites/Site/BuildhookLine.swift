/// A line of `modes`, `services` or `remove` of a buildhooks branch, as
/// `hooks.sh` reads it: a `#` begins a comment only at the beginning of a line,
/// since it may be part of a file name.
struct BuildhookLine {
    /// The line number, counted from 1.
    let number: Int
    /// The line without blanks at its end.
    let text: String

    /// What is wrong with a line.
    struct Problem {
        let message: String
        let hint: String
    }

    /// The checks of lines, by file.
    static let checks: [(file: String, check: @Sendable (String) -> Problem?)] = [
        ("modes", modes), ("services", services), ("remove", remove),
    ]

    /// Returns the lines of a file, without comments and blank ones.
    static func lines(of bytes: [UInt8]) -> [BuildhookLine] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .compactMap { index, line in
                var line = line
                while let last = line.last, isBlank(last) { line.removeLast() }
                guard let first = line.first(where: { !isBlank($0) }),
                    first != UInt8(ascii: "#")
                else { return nil }
                return BuildhookLine(
                    number: index + 1, text: String(decoding: line, as: UTF8.self))
            }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { " \t\r".utf8.contains(byte) }

    /// `path mode owner:group`; the mode is octal or symbolic (chmod(1)).
    private static func modes(_ text: String) -> Problem? {
        let words = text.split { $0 == " " || $0 == "\t" }
        guard words.count == 3 else {
            return Problem(
                message: "'\(text)' is no exception from the modes of copy/",
                hint: "write path mode owner:group, such as etc/shadow 0640 root:shadow")
        }
        if let problem = path(words[0]) { return problem }
        let isOctal = words[1].count <= 4 && words[1].allSatisfy { ("0"..."7").contains($0) }
        let isSymbolic =
            words[1].contains { "+-=".contains($0) }
            && words[1].allSatisfy { "ugoarwxXst+-=,".contains($0) }
        guard isOctal || isSymbolic else {
            return Problem(
                message: "'\(words[1])' is no mode", hint: "write it as chmod(1) reads it: 0750")
        }
        return nil
    }

    /// `service [runlevel]`.
    private static func services(_ text: String) -> Problem? {
        let words = text.split { $0 == " " || $0 == "\t" }
        guard words.count <= 2, !words.contains(where: { $0.contains("/") }) else {
            return Problem(
                message: "'\(text)' is no service", hint: "write service [runlevel]")
        }
        return nil
    }

    /// A path or a glob; blanks are part of it.
    private static func remove(_ text: String) -> Problem? {
        if let problem = path(text[...]) { return problem }
        let parts = text.split(separator: "/").filter { $0 != "." }
        guard let first = parts.first, !["proc", "sys", "dev"].contains(first) else {
            return Problem(
                message: "'\(text)' is not the root's to remove",
                hint: "name a path in the root: usr/share/doc, var/cache/*")
        }
        return nil
    }

    private static func path(_ text: Substring) -> Problem? {
        guard text.split(separator: "/").contains("..") else { return nil }
        return Problem(
            message: "'\(text)' leads out of the root", hint: "name a path without '..'")
    }
}
