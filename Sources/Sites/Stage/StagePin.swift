/// What a stage's name resolves to: a line of `config/zentoo.lock`.
package struct StagePin: Sendable, Hashable, Codable {
    /// SHA-256 of the archive as fetched; of a directory, of the archive
    /// ``TreeArchive`` makes of it.
    package let digest: SHA256Digest
    /// The primary key whose signature was found good; nil: unverified.
    package let verifiedBy: KeyFingerprint?

    /// A content and who vouches for it.
    package init(digest: SHA256Digest, verifiedBy: KeyFingerprint?) {
        self.digest = digest
        self.verifiedBy = verifiedBy
    }
}
