package import Records

/// Why a package is compiled, or not, with all that might have been taken.
package struct PackageExplanation: Sendable, Hashable, Codable {
    /// A recorded binary package that is not taken.
    package struct Refusal: Sendable, Hashable, Codable {
        /// The package.
        package let package: RecordedPackage
        /// The build that made it.
        package let build: BuildID
        /// What that was a build of.
        package let series: BuildSeries
        /// Whether its file is in the pool.
        package let isInPool: Bool
        /// In what it is not what is wanted; empty when Portage refuses it for
        /// what no record has.
        package let causes: [PackageVerdict.Cause]
        /// Where its flavour is another: the inputs that differ, as far as this
        /// machine still has them.
        package let flavourChanges: [FlavourChange]
    }

    /// What is planned, compared with the last build.
    package let verdict: PackageVerdict
    /// Whether its ebuild, an eclass or a file of it was edited without a new
    /// revision since the binary package was made.
    package let isEdited: Bool
    /// The build that made the binary package that is taken; nil when it is
    /// compiled.
    package let origin: PackageOrigin?
    /// Whether the file that is taken is missing: Portage trusts the pool's
    /// index and has not looked.
    package let isMissing: Bool
    /// The binary packages of its name that are not taken, the nearest first;
    /// none when one is.
    package let refused: [Refusal]
}

/// An input in which two flavours differ.
package struct FlavourChange: Sendable, Hashable, Codable {
    /// `variable CFLAGS`, `file patches/...`, `compiler`.
    package let input: String
    /// What it was; nil when there was none.
    package let before: String?
    /// What it is; nil when there is none.
    package let after: String?
}

/// What is answered about packages of a tuple.
package struct PackageAnswer: Sendable, Hashable, Codable {
    /// What was asked about, as the user wrote it.
    package let question: String
    /// The tuple.
    package let tuple: String
    /// What the plan says of the packages that were asked about; nil where no
    /// plan could be made.
    package let planned: [PackageExplanation]?
    /// The last success, and what it recorded of those packages.
    package let latest: BuildEntry?
    /// See ``latest``.
    package let recorded: [RecordedPackage]
}
