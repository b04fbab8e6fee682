// The one import of Foundation in Sources: its essentials alone, which
// ArgumentParser links as well, so that they cost nothing at start-up.
internal import FoundationEssentials

/// JSON as this tool writes it: keys sorted, so that two runs can be compared
/// line by line.
enum JSONText {
    /// The value as indented JSON and a newline.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// The value that `text` describes.
    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
