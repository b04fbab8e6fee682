package import Sites

/// The requirements for a stage to be unpacked.
package struct StageTrust: Sendable, Hashable {
    /// A key that may sign stages: a line of `config/stages` names it,
    /// `config/keys/<fingerprint>.asc` contains it.
    package struct Key: Sendable, Hashable {
        /// The primary key; its signing subkeys sign on its behalf.
        package let fingerprint: KeyFingerprint
        /// The public key, armored or binary (`gpg --export`).
        package let bytes: [UInt8]

        /// Creates a key with its fingerprint.
        package init(fingerprint: KeyFingerprint, bytes: [UInt8]) {
            self.fingerprint = fingerprint
            self.bytes = bytes
        }

        /// The path of the key in a site.
        package var path: String { "config/keys/\(fingerprint).asc" }
    }

    /// The key that must have signed it; if nil it is accepted unverified,
    /// which the pin records.
    package var key: Key?
    /// The digest in `config/zentoo.lock`; nil for a new stage.
    package var locked: SHA256Digest?

    /// Creates the requirements.
    package init(key: Key? = nil, locked: SHA256Digest? = nil) {
        self.key = key
        self.locked = locked
    }
}
