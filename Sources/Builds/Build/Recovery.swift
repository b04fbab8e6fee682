internal import Engines
internal import Files
package import Git
package import Records
package import Sites
internal import SystemPackage

/// Cleans up after killed builds and assemblies: completes records, abandons
/// builds that recorded nothing, and removes temporary files.
package struct Recovery: Sendable {
    /// The result of a recovery.
    package struct Report: Sendable, Hashable {
        /// Builds whose record was completed.
        package var completed: [RecordedBuild]
        /// Builds that had recorded nothing.
        package var abandoned: [BuildID]
        /// The reasons why builds could not be completed.
        package var obstacles: [String]
    }

    let machine: Machine

    /// Creates a recovery of the state and repository of `machine`.
    package init(machine: Machine) { self.machine = machine }

    /// Returns whether there is anything to clean up, or a running build that
    /// has recorded nothing yet.
    ///
    /// - Throws: `GitError`, `FileError`.
    package static func isDue(in repository: Repository, _ state: StateDirectory) throws -> Bool {
        if try Recorder(repository).hasPending { return true }
        return try !unfinished(in: state).isEmpty
    }

    /// Returns the killed builds that left results or unfinished files and
    /// directories.
    private static func unfinished(in state: StateDirectory) throws -> [BuildID] {
        var builds = Set(
            try Directory.names(in: state.results).compactMap { BuildID($0.string) })
        builds.formUnion(
            try Directory.names(in: state.locks).compactMap {
                UnfinishedPlaces.build(ofNote: $0.string)
            })
        return try builds.filter { try !BuildLife.isRunning($0, in: state) }.sorted()
    }

    /// Cleans up; cheap if there is nothing to do.
    ///
    /// - Parameter clearing: whether no process of the killed builds is left,
    ///   so that the files they wrote can be removed.
    package func run(clearing: Bool = true) async throws -> Report {
        let repository = try Repository.open(machine.repository)
        let recorder = Recorder(repository, signer: machine.signer)
        let stages = StageRegistration(machine: machine, repository: repository)
        let completion = try await recorder.completePending(
            isRunning: { try BuildLife.isRunning($0, in: machine.state) },
            register: { try await stages.registerBelatedly($0) })
        for build in clearing ? try Self.unfinished(in: machine.state) : [] {
            try await UnfinishedPlaces(build: build, machine: machine).clear()
            // The packages that it has compiled are not lost.
            guard try await PackageSalvage(machine: machine).run(build) else { continue }
            try await machine.privileges.removeTree(machine.state.results(of: build))
        }
        return Report(
            completed: completion.completed, abandoned: completion.abandoned,
            obstacles: completion.obstacles.map { "build \($0.build): \($0.reason)" })
    }
}
