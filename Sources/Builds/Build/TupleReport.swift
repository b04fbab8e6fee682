package import Git
package import Records
internal import Sites

/// How building one tuple ended.
package struct TupleReport: Sendable, Hashable, Codable {
    /// The possible ends.
    package enum Status: String, Sendable, Hashable, Codable {
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
    package var tuple: String
    /// The site.
    package var site: String
    /// The root's branch, when that was built, without `refs/heads/`.
    package var branch: String?
    /// The stage that was to be made, of a bootstrap.
    package var bootstrap: String?
    /// How it ended.
    package var status: Status
    /// The tuple commit.
    package var commit: ObjectID
    /// The tuple commit's tree, the build key.
    package var tree: ObjectID
    /// The build that made, or had made, the result.
    package var build: BuildID?
    /// Its tag, without `refs/tags/`.
    package var tag: String?
    /// `<CHOST>/<flavour>`, where it is known.
    package var flavour: String?
    /// What Portage said it would do.
    package var plan: MergePlan?
    /// Packages, `category/name`, whose ebuilds were edited without a revision
    /// bump since their binary packages were made, where that was looked for.
    package var edited: [String] = []
    /// What was compiled and what was taken from the pool.
    package var packages: [RecordedPackage] = []
    /// The stage that was made, of a bootstrap.
    package var stage: MadeStage?
    /// What failed.
    package var failure: BuildResult.Failure?
    /// The file system that was full, where that is why it failed.
    package var fullPlace: FullPlace?
    /// What the step that failed exited with, where that tells something: not
    /// for a package, since emerge exits with 1 whatever happened to it.
    package var exitStatus: Int32?
    /// The end of what was said before the failure.
    package var lastLines: [String] = []
    /// The whole log.
    package var log: String?
    /// Where the root was kept.
    package var root: String?
    /// In seconds.
    package var durationSeconds: Int = 0

    init(_ tuple: TupleCommit, of series: BuildSeries, status: Status) {
        self.tuple = tuple.tuple.text
        site = series.site.text
        branch = series.root.map { "\(RootBranch.prefix)/\($0)" }
        bootstrap = series.stage?.text
        self.status = status
        commit = tuple.commit
        tree = tuple.tree
    }

    /// Of a build that was only planned.
    init(
        _ tuple: TupleCommit, of series: BuildSeries, plan: MergePlan, edited: [String],
        flavour: Flavour
    ) {
        self.init(tuple, of: series, status: .planned)
        self.flavour = flavour.path
        self.plan = plan
        self.edited = edited
    }
}
