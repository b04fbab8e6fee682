package import Builds
internal import Files
internal import Git
package import Records
package import Sites
internal import SystemPackage

/// Rebuilds derived data, including the pool's indexes, and cleans up after
/// killed processes.
package struct Repair: Sendable {
    /// The result of a repair.
    package struct Report: Sendable, Hashable, Codable {
        /// Builds whose records were completed.
        package var completed: [RecordedBuild] = []
        /// Builds that had recorded nothing and were discarded.
        package var abandoned: [BuildID] = []
        /// Killed builds whose packages are in the pool, now recorded as
        /// cancelled.
        package var cancelled: [RecordedBuild] = []
        /// Successful builds whose tags were lost and created again.
        package var tagged: [RecordedBuild] = []
        /// The "latest" references that were wrong and have been corrected.
        package var latest: [String] = []
        /// Successful builds that cannot be tagged, since their commits are
        /// missing.
        package var lost: [BuildID] = []
        /// The number of packages in the rebuilt index.
        package var packages = 0
        /// The number of builds in that index.
        package var builds = 0
        /// The roots whose moved work trees were repaired.
        package var roots: [ZentooName] = []
        /// Partial files that were removed from the pool, relative to it.
        package var partial: [String] = []
        /// PKGDIRs, `<CHOST>/<flavour>`, whose indexes were rebuilt.
        package var indexed: [String] = []
        /// Leftovers of killed processes that were removed from the state
        /// directory.
        package var removed: [String] = []
        /// Altered copies in the state directory that were removed.
        package var copies: [AlteredCopy] = []
        /// The repairs that were not possible.
        package var obstacles: [String] = []
    }

    let machine: Machine

    /// Creates a repair of the state and repository of `machine`.
    package init(machine: Machine) { self.machine = machine }

    /// Performs the repair. The caller cleans up the engine's own scratch data.
    ///
    /// - Throws: ``ZentooError``, `GitError`, `FileError`; repairs made until
    ///   then are kept.
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
        // Includes packages that have just been indexed.
        report.cancelled = try await LeftPackages(machine: machine, repository: repository)
            .record()
        results = try Whence(repository).results(beginningWith: "")
        report.builds = results.count
        report.packages = results.filter { $0.stampedFrom == nil }.reduce(0) { $0 + $1.madeCount }
        report.removed = try await StateLeftovers(machine.state).remove(by: machine.privileges)
        return report
    }

    /// Removes altered copies, so that the next build creates them again; but
    /// not while a build is running.
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
