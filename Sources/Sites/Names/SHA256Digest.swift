/// A SHA-256 digest: 64 lower-case hexadecimal digits.
package struct SHA256Digest: TextValue {
    /// The digits.
    package let description: String

    /// Reads 64 lower-case hexadecimal digits; returns nil for anything else.
    package init?(_ description: String) {
        guard description.utf8.count == 64, Self.isPrefix(description) else { return nil }
        self.description = description
    }

    /// Returns whether `text` could be the beginning of a digest.
    package static func isPrefix(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
