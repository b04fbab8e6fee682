/// Why a package is compiled, or not, with all that might have been taken.
public struct PackageExplanation: Sendable, Hashable, Codable {
    /// A recorded binary package that is not taken.
    public struct Refusal: Sendable, Hashable, Codable {
        /// The package.
        public let package: RecordedPackage
        /// The build that made it.
        public let build: BuildID
        /// What that was a build of.
        public let series: BuildSeries
        /// Whether its file is in the pool.
        public let isInPool: Bool
        /// In what it is not what is wanted; empty when Portage refuses it for
        /// what no record has.
        public let causes: [PackageVerdict.Cause]
        /// Where its flavour is another: the inputs that differ, as far as this
        /// machine still has them.
        public let flavourChanges: [FlavourChange]
    }

    /// What is planned, compared with the last build.
    public let verdict: PackageVerdict
    /// Whether its ebuild, an eclass or a file of it was edited without a new
    /// revision since the binary package was made.
    public let isEdited: Bool
    /// The build that made the binary package that is taken; nil when it is
    /// compiled.
    public let origin: PackageOrigin?
    /// Whether the file that is taken is missing: Portage trusts the pool's
    /// index and has not looked.
    public let isMissing: Bool
    /// The binary packages of its name that are not taken, the nearest first;
    /// none when one is.
    public let refused: [Refusal]
}

/// An input in which two flavours differ.
public struct FlavourChange: Sendable, Hashable, Codable {
    /// `variable CFLAGS`, `file patches/...`, `compiler`.
    public let input: String
    /// What it was; nil when there was none.
    public let before: String?
    /// What it is; nil when there is none.
    public let after: String?
}

/// What is answered about packages of a tuple.
public struct PackageAnswer: Sendable, Hashable, Codable {
    /// What was asked about, as the user wrote it.
    public let question: String
    /// The tuple.
    public let tuple: String
    /// What the plan says of the packages that were asked about; nil where no
    /// plan could be made.
    public let planned: [PackageExplanation]?
    /// The last success, and what it recorded of those packages.
    public let latest: BuildEntry?
    /// See ``latest``.
    public let recorded: [RecordedPackage]
}
