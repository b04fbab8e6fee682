/// A value that is one word of text with a syntax of its own, and is encoded as
/// that text.
package protocol TextValue: Sendable, Hashable, Codable, Comparable, LosslessStringConvertible {}

extension TextValue {
    /// Reads the text and checks its syntax.
    ///
    /// - Throws: `DecodingError` if it is invalid.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a valid \(Self.self)")
        }
        self = value
    }

    /// Writes the text.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Orders by the bytes of the texts.
    package static func < (left: Self, right: Self) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
