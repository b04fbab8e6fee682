/// What a stage's name resolves to: a line of `config/zentoo.lock`.
public struct StagePin: Sendable, Hashable, Codable {
    /// SHA-256 of the archive as fetched; of a directory, of the archive
    /// ``TreeArchive`` makes of it.
    public let digest: SHA256Digest
    /// The primary key whose signature was found good; nil: unverified.
    public let verifiedBy: KeyFingerprint?

    /// A content and who vouches for it.
    public init(digest: SHA256Digest, verifiedBy: KeyFingerprint?) {
        self.digest = digest
        self.verifiedBy = verifiedBy
    }
}
