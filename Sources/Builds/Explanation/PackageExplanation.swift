package import Records

/// The reason why a package is compiled or reused, with all binary packages
/// that were considered.
package struct PackageExplanation: Sendable, Hashable, Codable {
    /// A recorded binary package that is not used.
    package struct Refusal: Sendable, Hashable, Codable {
        /// The package.
        package let package: RecordedPackage
        /// The build that made it.
        package let build: BuildID
        /// The series of that build.
        package let series: BuildSeries
        /// Whether its file is in the pool.
        package let isInPool: Bool
        /// Its differences from the planned package; empty if Portage refuses
        /// it for a reason that is not recorded.
        package let causes: [PackageVerdict.Cause]
        /// The inputs that differ if it is of another flavour, as far as this
        /// machine still has them.
        package let flavourChanges: [FlavourChange]
    }

    /// The plan, compared with the last build.
    package let verdict: PackageVerdict
    /// Whether its ebuild, an eclass or one of its files was edited without a
    /// new revision since the binary package was made.
    package let isEdited: Bool
    /// The build that made the reused binary package; nil if the package is
    /// compiled.
    package let origin: PackageOrigin?
    /// Whether the file of the reused package is missing: Portage trusts the
    /// pool's index and does not check.
    package let isMissing: Bool
    /// The binary packages of its name that are not used, nearest first; empty
    /// if one is.
    package let refused: [Refusal]
}

/// An input in which two flavours differ.
package struct FlavourChange: Sendable, Hashable, Codable {
    /// `variable CFLAGS`, `file patches/...`, `compiler`.
    package let input: String
    /// Its value before; nil if there was none.
    package let before: String?
    /// Its value now; nil if there is none.
    package let after: String?
}

/// The answer to a question about packages of a tuple.
package struct PackageAnswer: Sendable, Hashable, Codable {
    /// The question, as the user wrote it.
    package let question: String
    /// The tuple.
    package let tuple: String
    /// The explanations of the planned packages in question; nil if no plan
    /// could be made.
    package let planned: [PackageExplanation]?
    /// The last successful build.
    package let latest: BuildEntry?
    /// The packages in question that ``latest`` recorded.
    package let recorded: [RecordedPackage]
}
