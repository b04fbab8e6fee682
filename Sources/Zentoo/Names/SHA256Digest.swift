/// A SHA-256 digest: 64 lower-case hexadecimal digits.
public struct SHA256Digest: TextValue {
    /// The digits.
    public let description: String

    /// Takes over 64 hexadecimal digits in lower case; nil for anything else.
    public init?(_ description: String) {
        guard description.utf8.count == 64, Self.isPrefix(description) else { return nil }
        self.description = description
    }

    /// Whether `text` could begin a digest.
    public static func isPrefix(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
