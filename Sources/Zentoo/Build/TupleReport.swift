public import Git

/// How building one tuple ended.
public struct TupleReport: Sendable, Hashable, Codable {
    /// The possible ends.
    public enum Status: String, Sendable, Hashable, Codable {
        /// Nothing had to be done.
        case upToDate = "up-to-date"
        /// The same tree was built before, for this site or another; it got a
        /// new tag.
        case stamped
        /// It was built and recorded.
        case built
        /// Only planned, as asked.
        case planned
        /// A step failed.
        case failed
    }

    /// The tuple.
    public var tuple: String
    /// The site.
    public var site: String
    /// The root's branch, when that was built, without `refs/heads/`.
    public var branch: String?
    /// The stage that was to be made, of a bootstrap.
    public var bootstrap: String?
    /// How it ended.
    public var status: Status
    /// The tuple commit.
    public var commit: ObjectID
    /// The tuple commit's tree, the build key.
    public var tree: ObjectID
    /// The build that made, or had made, the result.
    public var build: BuildID?
    /// Its tag, without `refs/tags/`.
    public var tag: String?
    /// `<CHOST>/<flavour>`, where it is known.
    public var flavour: String?
    /// What Portage said it would do.
    public var plan: MergePlan?
    /// Packages, `category/name`, whose ebuilds were edited without a revision
    /// bump since their binary packages were made, where that was looked for.
    public var edited: [String] = []
    /// What was compiled and what was taken from the pool.
    public var packages: [RecordedPackage] = []
    /// The stage that was made, of a bootstrap.
    public var stage: MadeStage?
    /// What failed.
    public var failure: BuildResult.Failure?
    /// The file system that was full, where that is why it failed.
    public var fullPlace: FullPlace?
    /// What the step that failed exited with, where that tells something: not
    /// for a package, since emerge exits with 1 whatever happened to it.
    public var exitStatus: Int32?
    /// The end of what was said before the failure.
    public var lastLines: [String] = []
    /// The whole log.
    public var log: String?
    /// Where the root was kept.
    public var root: String?
    /// In seconds.
    public var durationSeconds: Int = 0

    init(_ tuple: TupleCommit, of series: BuildSeries, status: Status) {
        self.tuple = tuple.tuple.text
        site = series.site.text
        branch = series.root.map { "\(RootBranch.prefix)/\($0)" }
        bootstrap = series.stage?.text
        self.status = status
        commit = tuple.commit
        tree = tuple.tree
    }
}
