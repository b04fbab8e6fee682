public import Git

/// How a site stands: what was built last, and what would be built now.
public struct SiteStatus: Sendable, Hashable, Codable {
    /// The site.
    public let site: String
    /// Its branch's commit; nil where there is no such branch, as in a clone
    /// of the results alone.
    public let commit: ObjectID?
    /// The tuples it declares; without a branch, those that were built.
    public let tuples: [TupleStanding]
    /// Builds that have begun and not ended, oldest first.
    public let underWay: [BuildUnderWay]
    /// What is wrong with the site's own files.
    public let mistakes: [Mistake]
    /// Whether the pool was there to be looked at.
    public let hasPool: Bool
}

/// How one tuple stands.
public struct TupleStanding: Sendable, Hashable, Codable {
    /// The tuple as written.
    public let tuple: String
    /// What was built last against what would be built now; nil when it
    /// cannot be composed.
    public let status: TupleStatus?
    /// Why it cannot be composed; empty where the branches are not here.
    public let mistakes: [Mistake]
    /// The newest success; nil when there never was one.
    public let latest: BuildEntry?
    /// The newest build, when that was no success.
    public let failedSince: BuildEntry?
}

/// A build that has begun and not ended.
public struct BuildUnderWay: Sendable, Hashable, Codable {
    /// The build.
    public let build: BuildID
    /// What it is a build of: a tuple, a root, or a stage.
    public let subject: String
    /// Whether it runs on this machine; if not, on another one, or it died.
    public let runsHere: Bool
}
