/// A name that a site gives to one of its parts: a site, cpu, portage branch,
/// buildhooks branch, package set, stage, repository or root.
///
/// The syntax is `[a-z0-9][a-z0-9._+-]*`, without what git refuses in a
/// reference: no `..`, no `.` or `.lock` at the end (git-check-ref-format(1)).
/// A name is therefore always one component of a path and of a reference, and
/// never an option.
package struct ZentooName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name as written.
    package let text: String

    /// Creates a name that obeys the rules.
    ///
    /// - Throws: ``ZentooError`` that states the rules if one is violated.
    package init(_ text: String) throws {
        guard Self.isValid(text) else {
            throw ZentooError(
                .invalidName, "'\(text)' is not a valid name",
                hints: [
                    "a name is made of a-z, 0-9, '.', '_', '+' and '-', begins with a letter or "
                        + "digit, and has no '..', no '.' or '.lock' at its end"
                ])
        }
        self.text = text
    }

    /// Returns whether `text` obeys the rules.
    package static func isValid(_ text: String) -> Bool {
        text.utf8.count <= 100 && hasForm(text)
    }

    /// Returns whether `text` obeys the rules except for its length, as several
    /// joined names do.
    ///
    /// It works on bytes: a site with a thousand tuples calls it ten thousand
    /// times.
    static func hasForm(_ text: String) -> Bool {
        let dot = UInt8(ascii: ".")
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        var last = first
        for byte in text.utf8.dropFirst() {
            guard isAlphanumeric(byte) || "_+-".utf8.contains(byte) || byte == dot && last != dot
            else { return false }
            last = byte
        }
        return last != dot && !text.hasSuffix(".lock")
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The name as written.
    package var description: String { text }

    /// Orders by bytes.
    package static func < (left: ZentooName, right: ZentooName) -> Bool { left.text < right.text }
}
