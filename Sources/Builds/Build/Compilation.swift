internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// The first part of a build: compiles what its plan does not find in the pool,
/// in a root over the stage in which no build hook has run, and takes the
/// packages into the pool.
struct Compilation {
    let workshop: BuildWorkshop
    let plan: MergePlan
    let flavour: Flavour
    /// The result that is recorded if the build is killed.
    let cancelled: BuildResult
    /// Whether the root is kept if a package fails.
    let keepsRoot: Bool

    private var machine: Machine { workshop.machine }

    /// Compiles; does nothing if the pool has every package.
    ///
    /// - Parameters:
    ///   - jobs: the jobs of the build.
    ///   - directory: the flavour's PKGDIR.
    /// - Throws: ``ZentooError`` and others if it cannot be run to its end; the
    ///   packages made so far can then be salvaged (``PackageSalvage``).
    func run(
        _ jobs: BuildJobs, log: BuildLog, into directory: borrowing PackageDirectory
    ) async throws -> BuildEnd {
        let monitor = BuildMonitor(
            log: log.descriptor, directory: machine.state, report: workshop.report)
        monitor.note(workshop.remarks)
        guard plan.built > 0 else { return BuildEnd(monitor: monitor) }

        var jobs = jobs
        jobs.compilers = try workshop.compilers(for: plan, in: jobs.stage)
        jobs.view.ccache = try workshop.ccache(of: flavour, in: jobs.stage)
        let packages = try await workshop.packages(
            of: jobs.id, for: plan, of: flavour, from: directory)
        jobs.view.binpkgs = packages.directory
        try directory.beginWriting(jobs.id, as: cancelled, expecting: packages.expected)
        var ended = BuildEnd(monitor: monitor)
        do {
            ended.outcome = try await compile(jobs, monitor)
        } catch let error as EngineError where error.code == .noSpace {
            // The packages compiled so far are recorded.
            monitor.note(error)
            ended.outcome = Outcome(steps: [BuildJobs.broken(BuildJobs.compileStep)])
        }
        let output = JobOutput(directory: jobs.view.out)
        try await workshop.reclaim(packages, output)
        try monitor.readPackageLogs(in: output)
        if jobs.compilers != nil {
            monitor.reportDistribution(hasCache: jobs.view.ccache != nil)
            ended.distribution = monitor.distribution
        }
        ended.unsandboxed = monitor.unsandboxed
        ended.harvested = try await workshop.harvest(of: flavour).made(
            from: output, of: packages, durations: monitor.durations,
            isWhole: ended.outcome.failure == nil, into: directory)
        workshop.report(ended.harvested.intruders)
        try directory.endWriting()
        // A package that the job's index does not describe.
        jobs.view.binpkgs = directory.path
        try await workshop.mend(directory, jobs)
        return ended
    }

    private func compile(_ jobs: BuildJobs, _ monitor: BuildMonitor) async throws -> Outcome {
        var fetches = plan.fetches
        if fetches, jobs.compilers != nil {
            let fetched = try await machine.engine.run(
                jobs.fetching(plan.compiling), onEvent: monitor.hear)
            if fetched.failure != nil { return fetched }
            fetches = false
        }
        var outcome = try await machine.engine.run(
            jobs.compile(plan.compiling, fetches: fetches, keepsRoot: keepsRoot),
            onEvent: monitor.hear)
        if monitor.warnsOfBrokenMerge(in: outcome) {
            monitor.hear(.notice(.begunAgain(because: "with emerge")))
            if let root = outcome.keptRoot { try await machine.privileges.removeTree(root) }
            outcome = try await machine.engine.run(
                jobs.compile(
                    plan.compiling, fetches: fetches, isNative: false, keepsRoot: keepsRoot),
                onEvent: monitor.hear)
        }
        guard outcome.failure == nil, let root = outcome.keptRoot else { return outcome }
        try await machine.privileges.removeTree(root)
        return Outcome(steps: outcome.steps)
    }
}
