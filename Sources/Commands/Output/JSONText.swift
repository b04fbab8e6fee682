// The only import of Foundation in Sources. ArgumentParser links
// FoundationEssentials as well, so that it costs nothing at start-up.
internal import FoundationEssentials

/// JSON in the form this tool writes it: keys are sorted, so that two runs can
/// be compared line by line.
enum JSONText {
    /// Returns the value as indented JSON and a newline.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// Returns the value that `text` describes.
    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
