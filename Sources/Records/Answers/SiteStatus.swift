package import Git
package import Sites

/// The status of a site: what was built last, and what would be built now.
package struct SiteStatus: Sendable, Hashable, Codable {
    /// The site.
    package let site: String
    /// The commit of its branch; nil when there is no such branch, as in a
    /// clone of the results alone.
    package let commit: ObjectID?
    /// The declared tuples; without a branch, those that were built.
    package let tuples: [TupleStanding]
    /// Builds that have started and not ended, oldest first.
    package let underWay: [BuildUnderWay]
    /// The mistakes in the site's own files.
    package let mistakes: [Mistake]
    /// Whether the pool exists and was checked.
    package let hasPool: Bool
}

/// The status of one tuple.
package struct TupleStanding: Sendable, Hashable, Codable {
    /// The tuple as written.
    package let tuple: String
    /// The comparison of the last build with what would be built now; nil when
    /// the tuple cannot be composed.
    package let status: TupleStatus?
    /// The reasons why it cannot be composed; empty when the branches are
    /// missing.
    package let mistakes: [Mistake]
    /// The newest success; nil when there is none.
    package let latest: BuildEntry?
    /// The newest build, if it did not succeed.
    package let failedSince: BuildEntry?
}

/// A build that has started and not ended.
package struct BuildUnderWay: Sendable, Hashable, Codable {
    /// The build.
    package let build: BuildID
    /// The subject of the build: a tuple, a root or a stage.
    package let subject: String
    /// Whether it runs on this machine; otherwise it runs on another one or
    /// died.
    package let runsHere: Bool
}
