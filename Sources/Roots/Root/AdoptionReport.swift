/// The result of adopting the packages that a session compiled.
package struct AdoptionReport: Sendable, Hashable, Codable {
    /// A package that stays the root's own.
    package struct Kept: Sendable, Hashable, Codable {
        /// The path below PKGDIR.
        package let path: String
        /// The reason why it was not adopted.
        package let reason: String
    }

    /// The adopted packages, as paths below the flavour's PKGDIR.
    package var adopted: [String] = []
    /// The packages that stay the root's own.
    package var kept: [Kept] = []
}
