internal import Files
internal import Git
internal import SystemPackage

/// Makes everything that is derived anew, and clears away what builds left
/// behind that were killed.
public struct Repair: Sendable {
    /// What was done.
    public struct Report: Sendable, Hashable, Codable {
        /// Builds whose records were completed.
        public var completed: [RecordedBuild] = []
        /// Builds that had recorded nothing, and are forgotten.
        public var abandoned: [BuildID] = []
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
        try await sweepIncoming()
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
        let results = try Whence(repository).results(beginningWith: "")
        report.builds = results.count
        report.packages = results.filter { $0.stampedFrom == nil }.reduce(0) { $0 + $1.madeCount }
        return report
    }

    /// What makers of stages and repositories left behind that died.
    private func sweepIncoming() async throws {
        let repositories = machine.state.path.appending("repos")
        var places = [machine.state.path.appending("stages")]
        places += try Directory.names(in: repositories).map { repositories.appending($0) }
        for place in places {
            try await IncomingArea(parent: place, privileges: machine.privileges).sweep()
        }
    }
}
