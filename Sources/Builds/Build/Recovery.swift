internal import Engines
internal import Files
package import Git
package import Records
package import Sites
internal import SystemPackage

/// Cleans up after builds and assemblies that were killed: completes records,
/// lets go of what was not recorded, and removes scratch.
package struct Recovery: Sendable {
    /// What was done.
    package struct Report: Sendable, Hashable {
        /// Builds whose record was completed.
        package var completed: [RecordedBuild]
        /// Builds that had recorded nothing.
        package var abandoned: [BuildID]
        /// What stood in the way of completing a build.
        package var obstacles: [String]
    }

    let machine: Machine

    /// For the state and repository of `machine`.
    package init(machine: Machine) { self.machine = machine }

    /// Whether there is something to clean up after, or a build under way that
    /// has recorded nothing yet.
    ///
    /// - Throws: `GitError`, `FileError`.
    package static func isDue(in repository: Repository, _ state: StateDirectory) throws -> Bool {
        if try Recorder(repository).hasPending { return true }
        return try !unfinished(in: state).isEmpty
    }

    /// The builds that died and left results, or places where they made
    /// something.
    private static func unfinished(in state: StateDirectory) throws -> [BuildID] {
        var builds = Set(
            try Directory.names(in: state.results).compactMap { BuildID($0.string) })
        builds.formUnion(
            try Directory.names(in: state.locks).compactMap {
                UnfinishedPlaces.build(ofNote: $0.string)
            })
        return try builds.filter { try !BuildLife.isRunning($0, in: state) }.sorted()
    }

    /// Does it; cheap when there is nothing to do.
    ///
    /// - Parameter clearing: whether nothing of them runs any more, so that what
    ///   they wrote to can be removed.
    package func run(clearing: Bool = true) async throws -> Report {
        let repository = try Repository.open(machine.repository)
        let recorder = Recorder(repository, signer: machine.signer)
        let stages = StageRegistration(machine: machine, repository: repository)
        let completion = try await recorder.completePending(
            isRunning: { try BuildLife.isRunning($0, in: machine.state) },
            register: { try await stages.registerBelatedly($0) })
        for build in clearing ? try Self.unfinished(in: machine.state) : [] {
            try await UnfinishedPlaces(build: build, machine: machine).clear()
            try await machine.privileges.removeTree(
                machine.state.results.appending(build.description))
        }
        return Report(
            completed: completion.completed, abandoned: completion.abandoned,
            obstacles: completion.obstacles.map { "build \($0.build): \($0.reason)" })
    }
}
