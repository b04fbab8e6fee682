package import Sites

/// What a look at the pool has found.
package struct PoolReport: Sendable, Hashable, Codable {
    /// A recorded package that is not in the pool as it was recorded.
    package struct Problem: Sendable, Hashable, Codable {
        /// What is wrong.
        package enum Kind: String, Sendable, Hashable, Codable {
            /// The file is not there.
            case missing
            /// The file has other contents, or is no regular file.
            case altered
        }

        /// What is wrong.
        package let kind: Kind
        /// The package as recorded.
        package let package: RecordedPackage
        /// The newest build it is part of.
        package let build: BuildID
        /// The file's digest, when it was worth making one: not for a file of
        /// another size.
        package let found: SHA256Digest?
    }

    /// A stage that a bootstrap made and that is not in the pool as it was.
    package struct StageProblem: Sendable, Hashable, Codable {
        /// What is wrong.
        package let kind: Problem.Kind
        /// What tuples call it.
        package let stage: String
        /// What identifies it.
        package let sha256: SHA256Digest
        /// The newest bootstrap that made it.
        package let build: BuildID
        /// The file's digest, when it was worth making one.
        package let found: SHA256Digest?
    }

    /// How many recorded packages were looked at.
    package let checked: Int
    /// How many recorded stages were looked at.
    package let checkedStages: Int
    /// What is wrong with them, sorted by path.
    package let problems: [Problem]
    /// What is wrong with the stages, sorted by digest.
    package let stageProblems: [StageProblem]
    /// Files among the packages and stages that no record knows, relative to the pool,
    /// sorted.
    package let unknown: [String]
    /// The PKGDIRs whose index does not say what is there, and those with files
    /// that a run left half written; those in which a build writes now are left
    /// out.
    package var directories: [PackageDirectoryState] = []
    /// What lies in the state directory as a copy of trees of git or of pinned
    /// repositories, and is no such copy.
    package var alteredCopies: [AlteredCopy] = []

    /// Whether nothing is wrong.
    package var isRight: Bool {
        isIntact && unknown.isEmpty && directories.isEmpty && alteredCopies.isEmpty
    }

    /// Whether every recorded package and stage is there as it was.
    package var isIntact: Bool { problems.isEmpty && stageProblems.isEmpty }
}
