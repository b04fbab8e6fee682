/// The escaping of values in a ``RecordLine`` and in the lines of a
/// ``QueueEntry``.
package enum PercentCoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Returns a text with its special characters escaped.
    ///
    /// - Parameters:
    ///   - alsoComma: whether commas are escaped, as in the items of a list.
    ///   - exceptBlanks: whether blanks are kept, where a value extends to the
    ///     end of its line.
    package static func encoded(
        _ text: String, alsoComma: Bool = false, exceptBlanks: Bool = false
    ) -> String {
        func isPlain(_ byte: UInt8) -> Bool {
            (byte > 0x20 || exceptBlanks && byte == 0x20) && byte != 0x7f
                && byte != UInt8(ascii: "%")
                && !(alsoComma && byte == UInt8(ascii: ","))
        }
        guard !text.utf8.allSatisfy(isPlain) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Returns a text with its escapes decoded; a `%` that begins no escape is
    /// kept.
    package static func decoded(_ text: String) -> String {
        let escape = UInt8(ascii: "%")
        guard text.utf8.contains(escape) else { return text }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == escape, rest.count >= 2, let high = value(rest[rest.startIndex]),
                let low = value(rest[rest.startIndex + 1])
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        digits.firstIndex(of: digit & 0x40 == 0 ? digit : digit & 0xdf).map(UInt8.init)
    }
}
