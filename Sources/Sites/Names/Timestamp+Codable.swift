internal import Glibc

extension Timestamp: Codable {
    /// Reads what ``encode(to:)`` writes.
    ///
    /// - Throws: `DecodingError` for any other text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Self(precise: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a moment in UTC")
        }
        self = moment
    }

    /// Writes ``precise``.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(precise)
    }
}

extension Timestamp {
    /// `2026-11-23T22:18:30.123Z`: ISO 8601, always in UTC and with
    /// milliseconds, so that the texts sort in the order of time.
    package var precise: String {
        "\(description.dropLast()).\(Self.padded(Int(fraction), 3))Z"
    }

    /// Reads ``precise``; returns nil for any other text.
    package init?(precise text: String) {
        let digits = text.utf8.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            .map { String(decoding: $0, as: UTF8.self) }.compactMap(Int64.init)
        guard text.utf8.count == 24, digits.count == 7 else { return nil }
        var broken = tm()
        (broken.tm_year, broken.tm_mon) = (
            Int32(clamping: digits[0] - 1900), Int32(clamping: digits[1] - 1)
        )
        (broken.tm_mday, broken.tm_hour) = (Int32(clamping: digits[2]), Int32(clamping: digits[3]))
        (broken.tm_min, broken.tm_sec) = (Int32(clamping: digits[4]), Int32(clamping: digits[5]))
        self.init(milliseconds: Int64(timegm(&broken)) * 1000 + (digits[6] % 1000))
        // timegm(3) normalizes invalid dates, and the digits may have been
        // anywhere: only a valid text is reproduced exactly.
        guard precise == text else { return nil }
    }
}
