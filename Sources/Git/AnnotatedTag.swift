/// An annotated tag.
public struct AnnotatedTag: Sendable, Hashable {
    /// The id of the tagged object.
    public let target: ObjectID
    /// The type of the tagged object.
    public let kind: ObjectKind
    /// The name without `refs/tags/`.
    public let name: String
    /// The tagger; nil in very old tags.
    public let tagger: Signature?
    /// The message without the signature.
    public let message: String
    /// The armoured signature, if there is one.
    public let signature: String?

    /// Creates a tag to be written.
    ///
    /// - Parameters:
    ///   - name: the name without `refs/tags/`.
    ///   - target: the id of the tagged object.
    ///   - kind: the type of the tagged object.
    ///   - tagger: the tagger.
    ///   - message: ends in a newline, or gets one.
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
        // As in git, the signature begins at the last line that starts one.
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

    /// The bytes that git stores and signs (git-mktag(1)).
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
