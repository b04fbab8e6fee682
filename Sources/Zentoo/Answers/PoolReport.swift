/// What a look at the pool has found.
public struct PoolReport: Sendable, Hashable, Codable {
    /// A recorded package that is not in the pool as it was recorded.
    public struct Problem: Sendable, Hashable, Codable {
        /// What is wrong.
        public enum Kind: String, Sendable, Hashable, Codable {
            /// The file is not there.
            case missing
            /// The file has other contents, or is no regular file.
            case altered
        }

        /// What is wrong.
        public let kind: Kind
        /// The package as recorded.
        public let package: RecordedPackage
        /// The newest build it is part of.
        public let build: BuildID
        /// The file's digest, when it was worth making one: not for a file of
        /// another size.
        public let found: SHA256Digest?
    }

    /// How many recorded packages were looked at.
    public let checked: Int
    /// What is wrong with them, sorted by path.
    public let problems: [Problem]
    /// Files among the packages that no record knows, relative to the pool,
    /// sorted.
    public let unknown: [String]

    /// Whether every recorded package is there as it was.
    public var isIntact: Bool { problems.isEmpty }
}
