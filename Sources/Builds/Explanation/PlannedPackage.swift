package import Sites

/// A package that a build is going to merge, from Portage's own plan.
package struct PlannedPackage: Sendable, Hashable, Codable {
    /// Category, name and version.
    package var cpv: CPV
    /// The slot with its sub-slot.
    package var slot: String
    /// The USE flags that will be set.
    package var use: [String]
    /// The ebuild repository it comes from.
    package var repository: String
    /// Digest of the ebuild with its eclasses and files, when known.
    package var ebuildDigest: SHA256Digest?
    /// The host triplet it is compiled for.
    package var chost: String
    /// The flavour it is compiled with.
    package var flavour: String
    /// Whether Portage reuses a binary package as it is.
    package var isReused: Bool

    /// Creates a package to be merged.
    package init(
        cpv: CPV, slot: String, use: [String], repository: String,
        ebuildDigest: SHA256Digest? = nil, chost: String, flavour: String, isReused: Bool
    ) {
        self.cpv = cpv
        self.slot = slot
        self.use = use
        self.repository = repository
        self.ebuildDigest = ebuildDigest
        self.chost = chost
        self.flavour = flavour
        self.isReused = isReused
    }
}
