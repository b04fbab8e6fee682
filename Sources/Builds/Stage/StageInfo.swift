package import Sites

/// A stage in the store: the file `stage` beside its tree, one `key value` per
/// line.
package struct StageInfo: Sendable, Hashable {
    /// The name it was added with; the store itself uses digests.
    package let name: ZentooName
    /// The source it was fetched from.
    package let source: String
    /// Its digest, and the key that verified it.
    package var pin: StagePin
    /// The digest of the unpacked tree; see ``TreeArchive/digest(of:)``.
    package let tree: SHA256Digest

    init(name: ZentooName, source: String, pin: StagePin, tree: SHA256Digest) {
        self.name = name
        self.source = source
        self.pin = pin
        self.tree = tree
    }

    /// Reads the file; nil if it is not a valid one.
    init?(_ bytes: [UInt8]) {
        var values: [Substring: String] = [:]
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.unicodeScalars.split(separator: "\n") {
            let pair = Substring(line).split(separator: " ", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            values[pair[0]] = String(pair[1])
        }
        guard let name = try? ZentooName(values["name"] ?? ""), let source = values["source"],
            let digest = SHA256Digest(values["sha256"] ?? ""),
            let tree = SHA256Digest(values["tree"] ?? "")
        else { return nil }
        let key = values["verified-by"].map { KeyFingerprint($0) }
        if case .some(nil) = key { return nil }
        self.init(
            name: name, source: source,
            pin: StagePin(digest: digest, verifiedBy: key ?? nil), tree: tree)
    }

    /// The content of the file.
    var text: String {
        var lines = [
            "name \(name)", "source \(source)", "sha256 \(pin.digest)", "tree \(tree)",
        ]
        if let key = pin.verifiedBy { lines.append("verified-by \(key)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
