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

    /// A stage that a bootstrap made and that is not in the pool as it was.
    public struct StageProblem: Sendable, Hashable, Codable {
        /// What is wrong.
        public let kind: Problem.Kind
        /// What tuples call it.
        public let stage: String
        /// What identifies it.
        public let sha256: SHA256Digest
        /// The newest bootstrap that made it.
        public let build: BuildID
        /// The file's digest, when it was worth making one.
        public let found: SHA256Digest?
    }

    /// How many recorded packages were looked at.
    public let checked: Int
    /// How many recorded stages were looked at.
    public let checkedStages: Int
    /// What is wrong with them, sorted by path.
    public let problems: [Problem]
    /// What is wrong with the stages, sorted by digest.
    public let stageProblems: [StageProblem]
    /// Files among the packages and stages that no record knows, relative to the pool,
    /// sorted.
    public let unknown: [String]
    /// The PKGDIRs whose index does not say what is there, and those with files
    /// that a run left half written; those in which a build writes now are left
    /// out.
    public var directories: [PackageDirectoryState] = []
    /// What lies in the state directory as a copy of trees of git or of pinned
    /// repositories, and is no such copy.
    public var alteredCopies: [AlteredCopy] = []

    /// Whether nothing is wrong.
    public var isRight: Bool {
        isIntact && unknown.isEmpty && directories.isEmpty && alteredCopies.isEmpty
    }

    /// Whether every recorded package and stage is there as it was.
    public var isIntact: Bool { problems.isEmpty && stageProblems.isEmpty }
}
