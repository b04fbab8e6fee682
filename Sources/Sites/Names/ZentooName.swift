/// A name a site gives to something of its own: a site, cpu, portage branch,
/// buildhooks branch, package set, stage, repository or root.
///
/// `[a-z0-9][a-z0-9._+-]*`, and what git refuses in a reference is refused
/// too: no `..`, no end in `.` or `.lock` (git-check-ref-format(1)). So a name
/// is one component of a path and of a reference, and never an option.
package struct ZentooName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name as written.
    package let text: String

    /// Takes over a name that obeys the rules.
    ///
    /// - Throws: ``ZentooError`` that says which rule is broken.
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

    /// Whether `text` obeys the rules.
    package static func isValid(_ text: String) -> Bool {
        text.utf8.count <= 100 && hasForm(text)
    }

    /// Whether `text` obeys the rules but for its length, as what several
    /// names make together does.
    ///
    /// Byte by byte: a site with a thousand tuples asks ten thousand times.
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

    /// In the order of their bytes.
    package static func < (left: ZentooName, right: ZentooName) -> Bool { left.text < right.text }
}
