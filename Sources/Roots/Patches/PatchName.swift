internal import Sites

/// The name of a patch: its file name without `.patch`.
package struct PatchName: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    package let text: String

    /// Creates a name from `text`, dropping a trailing `.patch`.
    ///
    /// - Throws: ``ZentooError`` of code `invalidName`.
    package init(_ text: String) throws {
        let name = text.hasSuffix(Self.suffix) ? String(text.dropLast(Self.suffix.count)) : text
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "._+-".utf8.contains(byte)
            }
        }
        guard isPlain, let first = name.first, first.isLetter || first.isNumber,
            name.utf8.count <= 100
        else {
            throw ZentooError(
                .invalidName, "'\(text)' is not a valid name for a patch",
                hints: [
                    "a name is made of letters, digits, '.', '_', '+' and '-', and begins with a "
                        + "letter or digit; patches are applied in the order of their names"
                ])
        }
        self.text = name
    }

    /// The suffix by which Portage recognizes a patch.
    static let suffix = ".patch"

    /// The file name.
    var file: String { text + Self.suffix }

    /// The name.
    package var description: String { text }
}
