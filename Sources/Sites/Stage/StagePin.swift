/// The pinned content of a stage: a line of `config/zentoo.lock`.
package struct StagePin: Sendable, Hashable, Codable {
    /// The SHA-256 digest of the archive as fetched, or of the archive that
    /// ``TreeArchive`` creates from a directory.
    package let digest: SHA256Digest
    /// The primary key whose signature was verified; nil if unverified.
    package let verifiedBy: KeyFingerprint?

    /// Creates a pin from the content and the key that verified it.
    package init(digest: SHA256Digest, verifiedBy: KeyFingerprint?) {
        self.digest = digest
        self.verifiedBy = verifiedBy
    }
}
