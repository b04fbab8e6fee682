package import Sites

/// What a stage must prove before it is unpacked.
package struct StageTrust: Sendable, Hashable {
    /// A key that may sign stages: a line of `config/stages` names it, its
    /// bytes lie in `config/keys/<fingerprint>.asc`.
    package struct Key: Sendable, Hashable {
        /// The primary key; its signing subkeys sign for it.
        package let fingerprint: KeyFingerprint
        /// The public key, armored or binary (`gpg --export`).
        package let bytes: [UInt8]

        /// A key and its fingerprint.
        package init(fingerprint: KeyFingerprint, bytes: [UInt8]) {
            self.fingerprint = fingerprint
            self.bytes = bytes
        }

        /// Where a site keeps the key.
        package var path: String { "config/keys/\(fingerprint).asc" }
    }

    /// The key that must have signed it; without one it is accepted
    /// unverified, and the pin says so.
    package var key: Key?
    /// What `config/zentoo.lock` says its content is; nil for a new stage.
    package var locked: SHA256Digest?

    /// What is demanded.
    package init(key: Key? = nil, locked: SHA256Digest? = nil) {
        self.key = key
        self.locked = locked
    }
}
