internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// The assembly of a root from the packages of a record alone, which a job sees
/// in a read-only PKGDIR of exactly these packages.
struct RootAssembly {
    private let machine: Machine
    private var jobs: BuildJobs
    private let isIndexed: Bool

    /// Checks the packages and makes them visible to the jobs.
    ///
    /// - Throws: ``ZentooError`` if a package is missing or altered.
    init(of packages: [RecordedPackage], machine: Machine, jobs: BuildJobs) async throws {
        self.machine = machine
        let view = try await PackageView(
            of: packages, pool: machine.state.pool,
            at: machine.state.recordPackages(of: jobs.id))
        isIndexed = view.isIndexed
        self.jobs = jobs
        self.jobs.view.binpkgs = view.directory
    }

    /// What a run of the jobs has shown.
    struct Run {
        let outcome: Outcome
        /// The monitor of the last job.
        let monitor: BuildMonitor
        /// How the packages were merged.
        let merge: MergeSummary?
    }

    /// Assembles the root. If the native merge fails through a fault of its own,
    /// emerge begins again.
    ///
    /// - Parameters:
    ///   - root: the root, which is that of the stage.
    ///   - keepsRoot: whether the root of an overlay is kept afterwards.
    ///   - monitor: creates the monitor of a job.
    ///   - renew: called to make the root that of the stage once more.
    func run(
        in root: Root, keepsRoot: Bool = false, monitor: () -> BuildMonitor,
        renew: () async throws -> Void = {}
    ) async throws -> Run {
        let first = monitor()
        if !isIndexed {
            let indexed = try await machine.engine.run(jobs.repair, onEvent: first.hear)
            if indexed.failure != nil {
                return Run(outcome: indexed, monitor: first, merge: nil)
            }
        }
        let outcome = try await machine.engine.run(
            jobs.assemble(in: root, keepsRoot: keepsRoot), onEvent: first.hear)
        guard first.warnsOfBrokenMerge(in: outcome) else {
            return Run(outcome: outcome, monitor: first, merge: first.merge)
        }
        let broken = first.merge
        if let root = outcome.keptRoot, keepsRoot {
            try await machine.privileges.removeTree(root)
        }
        try await renew()
        let second = monitor()
        return Run(
            outcome: try await machine.engine.run(
                jobs.assemble(in: root, isNative: false, keepsRoot: keepsRoot),
                onEvent: second.hear),
            monitor: second, merge: broken)
    }

    /// Returns how many packages were merged.
    ///
    /// - Throws: `FileError`.
    func mergedCount() throws -> Int {
        guard let bytes = try JobOutput(directory: jobs.view.out).read("merged") else { return 0 }
        return Int(String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }) ?? 0
    }
}
