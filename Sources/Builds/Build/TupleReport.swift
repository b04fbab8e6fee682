package import Git
package import Records
internal import Sites

/// The result of building one tuple.
package struct TupleReport: Sendable, Hashable, Codable {
    /// The possible results.
    package enum Status: String, Sendable, Hashable, Codable {
        /// Nothing had to be done.
        case upToDate = "up-to-date"
        /// The same tree was built before, for this site or another; it got a
        /// new tag.
        case stamped
        /// It was built and recorded.
        case built
        /// It was only planned, as requested.
        case planned
        /// A step failed.
        case failed
    }

    /// The tuple.
    package var tuple: String
    /// The site.
    package var site: String
    /// The root's branch, without `refs/heads/`, if a root was built.
    package var branch: String?
    /// The name of the stage to be made, if it is a bootstrap.
    package var bootstrap: String?
    /// The status.
    package var status: Status
    /// The tuple commit.
    package var commit: ObjectID
    /// The tuple commit's tree, the build key.
    package var tree: ObjectID
    /// The build that made the result, now or earlier.
    package var build: BuildID?
    /// Its tag, without `refs/tags/`.
    package var tag: String?
    /// The flavour, `<CHOST>/<flavour>`, if known.
    package var flavour: String?
    /// Portage's plan.
    package var plan: MergePlan?
    /// Packages, `category/name`, whose ebuilds were edited without a revision
    /// bump since their binary packages were made, if that was checked.
    package var edited: [String] = []
    /// The packages that were compiled or taken from the pool.
    package var packages: [RecordedPackage] = []
    /// How the packages were merged into the root, if it was assembled.
    package var merge: MergeSummary?
    /// The stage that was made, if it is a bootstrap.
    package var stage: MadeStage?
    /// The failure.
    package var failure: BuildResult.Failure?
    /// All packages that failed.
    package var failedPackages: [PackageFailure] = []
    /// The versions that were not compiled because of them.
    package var droppedPackages: [String] = []
    /// The full file system, if that is why it failed.
    package var fullPlace: FullPlace?
    /// The exit status of the failed step, if it is informative. It is not for
    /// a package, since emerge exits with 1 for any failure.
    package var exitStatus: Int32?
    /// The last lines of output before the failure.
    package var lastLines: [String] = []
    /// The path of the full log.
    package var log: String?
    /// The path of the root, if it was kept.
    package var root: String?
    /// The duration in seconds.
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
