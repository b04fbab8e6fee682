/// What became of the packages that a session compiled.
package struct AdoptionReport: Sendable, Hashable, Codable {
    /// A package that stays the root's own.
    package struct Kept: Sendable, Hashable, Codable {
        /// Its path below PKGDIR.
        package let path: String
        /// Why it is not the pool's.
        package let reason: String
    }

    /// What went to the pool, as paths below the flavour's PKGDIR.
    package var adopted: [String] = []
    /// What stays the root's own.
    package var kept: [Kept] = []
}
