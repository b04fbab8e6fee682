/// An annotated tag.
public struct AnnotatedTag: Sendable, Hashable {
    /// What it names.
    public let target: ObjectID
    /// What kind of object that is.
    public let kind: ObjectKind
    /// Its name without `refs/tags/`.
    public let name: String
    /// Who made it; very old tags do not say.
    public let tagger: Signature?
    /// The message without the signature.
    public let message: String
    /// The armoured signature, when there is one.
    public let signature: String?

    /// A tag to make.
    ///
    /// - Parameter message: ends in a newline, or gets one.
    /// - Throws: ``GitError`` for a name or tagger git would refuse, and for a
    ///   message with a zero byte.
    public init(
        name: String, target: ObjectID, kind: ObjectKind = .commit, tagger: Signature,
        message: String
    ) throws {
        _ = try RefName.tag(name)
        try tagger.validate()
        guard !message.utf8.contains(0) else {
            throw GitError(.invalid, "message of tag '\(name)' contains a zero byte")
        }
        self.name = name
        self.target = target
        self.kind = kind
        self.tagger = tagger
        self.message = message.hasSuffix("\n") ? message : message + "\n"
        signature = nil
    }

    init(
        name: String, target: ObjectID, kind: ObjectKind, tagger: Signature?, fullMessage: String
    ) {
        self.name = name
        self.target = target
        self.kind = kind
        self.tagger = tagger
        // As git: the last line that begins a signature begins it.
        var start = fullMessage.startIndex
        var signatureStart: String.Index?
        while start < fullMessage.endIndex {
            let rest = fullMessage[start...]
            if Self.armourStarts.contains(where: rest.hasPrefix) { signatureStart = start }
            guard let newline = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) else { break }
            start = fullMessage.utf8.index(after: newline)
        }
        message = String(fullMessage[..<(signatureStart ?? fullMessage.endIndex)])
        signature = signatureStart.map { String(fullMessage[$0...]) }
    }

    /// The bytes git stores and signs (git-mktag(1)).
    public var payload: [UInt8] {
        var text = "object \(target)\ntype \(kind.name)\ntag \(name)\n"
        if let tagger { text += "tagger \(tagger)\n" }
        return Array((text + "\n" + message).utf8)
    }

    private static let armourStarts = [
        "-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----",
        "-----BEGIN SIGNED MESSAGE-----", "-----BEGIN SSH SIGNATURE-----",
    ]
}
