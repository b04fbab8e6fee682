/// A file of digests as Gentoo publishes them with its stages: `# SHA512 HASH`,
/// then a line `<digits>  <file name>`, for several algorithms and files.
struct DigestsFile {
    struct Entry: Equatable {
        let algorithm: Checksum.Algorithm
        /// In lower case; the length may not be that of the algorithm.
        let digits: String
        let name: String
    }

    /// The digests of accepted algorithms.
    let entries: [Entry]

    init(_ bytes: [UInt8]) {
        var entries: [Entry] = []
        // Files without a header, as coreutils write them, are parsed by the
        // length of the digest if only one algorithm has it.
        var algorithm: Checksum.Algorithm?
        var hasHeader = false
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
            let words = Substring(line).split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.first == "#" {
                hasHeader = true
                algorithm =
                    words.count == 3 && words[2] == "HASH"
                    ? Checksum.Algorithm(rawValue: String(words[1])) : nil
                continue
            }
            guard words.count == 2 else { continue }
            let digits = words[0].lowercased()
            guard digits.utf8.count >= 32, Self.isHexadecimal(digits) else { continue }
            let isShort = !hasHeader && digits.utf8.count == Checksum.Algorithm.sha256.count
            guard let known = algorithm ?? (isShort ? .sha256 : nil) else { continue }
            let name = words[1].first == "*" ? words[1].dropFirst() : words[1]
            entries.append(Entry(algorithm: known, digits: digits, name: String(name)))
        }
        self.entries = entries
    }

    /// Returns the digests of a file with exactly this name.
    func entries(for name: String) -> [Entry] { entries.filter { $0.name == name } }

    private static func isHexadecimal(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
    }
}
