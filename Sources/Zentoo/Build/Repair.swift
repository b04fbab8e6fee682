internal import Files
internal import Git
internal import SystemPackage

/// Rebuilds derived data, the indexes of the pool among it, and cleans up after
/// processes that were killed.
public struct Repair: Sendable {
    /// What was done.
    public struct Report: Sendable, Hashable, Codable {
        /// Builds whose records were completed.
        public var completed: [RecordedBuild] = []
        /// Builds that had recorded nothing, and are forgotten.
        public var abandoned: [BuildID] = []
        /// Builds that were killed and whose packages are in the pool: recorded as
        /// cancelled.
        public var cancelled: [RecordedBuild] = []
        /// Successes that had lost their tags and have new ones.
        public var tagged: [RecordedBuild] = []
        /// The "latest" references that were wrong.
        public var latest: [String] = []
        /// Successes that cannot be tagged, since their commits are gone.
        public var lost: [BuildID] = []
        /// Packages in the index that was made anew.
        public var packages = 0
        /// Builds in that index.
        public var builds = 0
        /// The roots whose work trees had been moved.
        public var roots: [ZentooName] = []
        /// Partial files that were removed from the pool, relative to it.
        public var partial: [String] = []
        /// PKGDIRs, `<CHOST>/<flavour>`, whose indexes say again what is there.
        public var indexed: [String] = []
        /// What processes that were killed had left in the state directory.
        public var removed: [String] = []
        /// Altered copies in the state directory that were removed.
        public var copies: [AlteredCopy] = []
        /// What could not be done.
        public var obstacles: [String] = []
    }

    let machine: Machine

    /// For the state and repository of `machine`.
    public init(machine: Machine) { self.machine = machine }

    /// Does it; the engine's own scratch is swept by the caller.
    ///
    /// - Throws: ``ZentooError``, `GitError`, `FileError`; what was done until
    ///   then stays done.
    public func run() async throws -> Report {
        let recovery = try await Recovery(machine: machine).run()
        let repository = try Repository.open(machine.repository)
        let repairs = try await Recorder(repository, signer: machine.signer).repair()
        var report = Report()
        report.completed = recovery.completed
        report.abandoned = recovery.abandoned
        report.obstacles = recovery.obstacles
        report.roots = try RootCheck(repository, state: machine.state).mend()
        report.tagged = repairs.tagged
        report.latest = repairs.latest
        report.lost = repairs.lost
        try await removeAlteredCopies(&report)
        var results = try Whence(repository).results(beginningWith: "")
        let pool = try await PoolRepair(machine: machine, repository: repository).run(of: results)
        report.partial = pool.removed
        report.indexed = pool.indexed
        report.obstacles += pool.obstacles
        // Of what is indexed now, too.
        report.cancelled = try await LeftPackages(machine: machine, repository: repository)
            .record()
        results = try Whence(repository).results(beginningWith: "")
        report.builds = results.count
        report.packages = results.filter { $0.stampedFrom == nil }.reduce(0) { $0 + $1.madeCount }
        report.removed = try await StateLeftovers(machine.state).remove(by: machine.privileges)
        return report
    }

    /// Removes what differs from what it was made of, for the next build to make
    /// again; but not from under a build.
    private func removeAlteredCopies(_ report: inout Report) async throws {
        let check = CopyCheck(state: machine.state, privileges: machine.privileges)
        for copy in try await check.altered() {
            if let build = try BuildLife.running(in: machine.state).first {
                report.obstacles.append(
                    "'\(copy.path)' differs from \(copy.original), and build \(build) runs: "
                        + "repair again when none does")
            } else {
                try await check.remove(copy)
                report.copies.append(copy)
            }
        }
    }
}
