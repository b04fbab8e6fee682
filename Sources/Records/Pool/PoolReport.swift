package import Sites

/// The result of a check of the pool.
package struct PoolReport: Sendable, Hashable, Codable {
    /// A recorded package that is missing from the pool or differs from its
    /// record.
    package struct Problem: Sendable, Hashable, Codable {
        /// The kind of problem.
        package enum Kind: String, Sendable, Hashable, Codable {
            /// The file does not exist.
            case missing
            /// The file has other contents, or is not a regular file.
            case altered
        }

        /// The kind of problem.
        package let kind: Kind
        /// The package as recorded.
        package let package: RecordedPackage
        /// The newest build it is part of.
        package let build: BuildID
        /// The file's digest; nil if none was computed, for example because the
        /// size differs.
        package let found: SHA256Digest?
    }

    /// A stage that a bootstrap made and that is missing from the pool or
    /// altered.
    package struct StageProblem: Sendable, Hashable, Codable {
        /// The kind of problem.
        package let kind: Problem.Kind
        /// The name of the stage.
        package let stage: String
        /// The SHA-256 that identifies it.
        package let sha256: SHA256Digest
        /// The newest bootstrap that made it.
        package let build: BuildID
        /// The file's digest; nil if none was computed.
        package let found: SHA256Digest?
    }

    /// The number of recorded packages that were checked.
    package let checked: Int
    /// The number of recorded stages that were checked.
    package let checkedStages: Int
    /// The problems with packages, sorted by path.
    package let problems: [Problem]
    /// The problems with stages, sorted by digest.
    package let stageProblems: [StageProblem]
    /// Files among the packages and stages that no record names, relative to
    /// the pool, sorted.
    package let unknown: [String]
    /// The PKGDIRs whose index does not match their contents, and those with
    /// partial files; PKGDIRs that a build is writing to are omitted.
    package var directories: [PackageDirectoryState] = []
    /// Copies of git trees or of pinned repositories in the state directory
    /// that no longer match their originals.
    package var alteredCopies: [AlteredCopy] = []

    /// Whether there are no problems.
    package var isRight: Bool {
        isIntact && unknown.isEmpty && directories.isEmpty && alteredCopies.isEmpty
    }

    /// Whether every recorded package and stage is present and unaltered.
    package var isIntact: Bool { problems.isEmpty && stageProblems.isEmpty }
}
