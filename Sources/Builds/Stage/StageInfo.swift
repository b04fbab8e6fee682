package import Sites

/// A stage in the store: the file `stage` beside its tree, a `key value` a line.
package struct StageInfo: Sendable, Hashable {
    /// The name it was added by; the store itself goes by digests.
    package let name: ZentooName
    /// Where it came from.
    package let source: String
    /// What it is.
    package var pin: StagePin
    /// Digest of the tree as it was unpacked; see ``TreeArchive/digest(of:)``.
    package let tree: SHA256Digest

    init(name: ZentooName, source: String, pin: StagePin, tree: SHA256Digest) {
        self.name = name
        self.source = source
        self.pin = pin
        self.tree = tree
    }

    /// Reads the file; nil when it is not such a file.
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

    /// What the file holds.
    var text: String {
        var lines = [
            "name \(name)", "source \(source)", "sha256 \(pin.digest)", "tree \(tree)",
        ]
        if let key = pin.verifiedBy { lines.append("verified-by \(key)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
