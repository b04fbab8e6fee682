package import Git
package import Sites

/// How a site stands: what was built last, and what would be built now.
package struct SiteStatus: Sendable, Hashable, Codable {
    /// The site.
    package let site: String
    /// Its branch's commit; nil where there is no such branch, as in a clone
    /// of the results alone.
    package let commit: ObjectID?
    /// The tuples it declares; without a branch, those that were built.
    package let tuples: [TupleStanding]
    /// Builds that have begun and not ended, oldest first.
    package let underWay: [BuildUnderWay]
    /// What is wrong with the site's own files.
    package let mistakes: [Mistake]
    /// Whether the pool was there to be looked at.
    package let hasPool: Bool
}

/// How one tuple stands.
package struct TupleStanding: Sendable, Hashable, Codable {
    /// The tuple as written.
    package let tuple: String
    /// What was built last against what would be built now; nil when it
    /// cannot be composed.
    package let status: TupleStatus?
    /// Why it cannot be composed; empty where the branches are not here.
    package let mistakes: [Mistake]
    /// The newest success; nil when there never was one.
    package let latest: BuildEntry?
    /// The newest build, when that was no success.
    package let failedSince: BuildEntry?
}

/// A build that has begun and not ended.
package struct BuildUnderWay: Sendable, Hashable, Codable {
    /// The build.
    package let build: BuildID
    /// What it is a build of: a tuple, a root, or a stage.
    package let subject: String
    /// Whether it runs on this machine; if not, on another one, or it died.
    package let runsHere: Bool
}
