package import Builds
internal import Files
internal import Git
package import Records
package import Sites
internal import SystemPackage

/// Rebuilds derived data, the indexes of the pool among it, and cleans up after
/// processes that were killed.
package struct Repair: Sendable {
    /// What was done.
    package struct Report: Sendable, Hashable, Codable {
        /// Builds whose records were completed.
        package var completed: [RecordedBuild] = []
        /// Builds that had recorded nothing, and are forgotten.
        package var abandoned: [BuildID] = []
        /// Builds that were killed and whose packages are in the pool: recorded as
        /// cancelled.
        package var cancelled: [RecordedBuild] = []
        /// Successes that had lost their tags and have new ones.
        package var tagged: [RecordedBuild] = []
        /// The "latest" references that were wrong.
        package var latest: [String] = []
        /// Successes that cannot be tagged, since their commits are gone.
        package var lost: [BuildID] = []
        /// Packages in the index that was made anew.
        package var packages = 0
        /// Builds in that index.
        package var builds = 0
        /// The roots whose work trees had been moved.
        package var roots: [ZentooName] = []
        /// Partial files that were removed from the pool, relative to it.
        package var partial: [String] = []
        /// PKGDIRs, `<CHOST>/<flavour>`, whose indexes say again what is there.
        package var indexed: [String] = []
        /// What processes that were killed had left in the state directory.
        package var removed: [String] = []
        /// Altered copies in the state directory that were removed.
        package var copies: [AlteredCopy] = []
        /// What could not be done.
        package var obstacles: [String] = []
    }

    let machine: Machine

    /// For the state and repository of `machine`.
    package init(machine: Machine) { self.machine = machine }

    /// Does it; the engine's own scratch is swept by the caller.
    ///
    /// - Throws: ``ZentooError``, `GitError`, `FileError`; what was done until
    ///   then stays done.
    package func run() async throws -> Report {
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
        try StageStore(state: machine.state.path, privileges: machine.privileges).close()
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
