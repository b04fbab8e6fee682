/// What became of the packages that a session compiled.
public struct AdoptionReport: Sendable, Hashable, Codable {
    /// A package that stays the root's own.
    public struct Kept: Sendable, Hashable, Codable {
        /// Its path below PKGDIR.
        public let path: String
        /// Why it is not the pool's.
        public let reason: String
    }

    /// What went to the pool, as paths below the flavour's PKGDIR.
    public var adopted: [String] = []
    /// What stays the root's own.
    public var kept: [Kept] = []
}
