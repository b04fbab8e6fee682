internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// One run of one tuple commit, from its id to its record.
struct BuildRun {
    let machine: Machine
    let site: Site
    let series: BuildSeries
    let commit: TupleCommit
    let repository: Repository
    let history: BuildHistory
    let options: BuildOptions
    let report: @Sendable (BuildEvent) -> Void
    /// Returns whether this run may still record its build.
    let mayRecord: @Sendable () throws -> Bool

    private var recorder: Recorder { Recorder(repository, signer: machine.signer) }

    func perform() async throws -> TupleReport {
        let build = BuildID.make(after: try Whence(repository).builds(of: series, limit: 1).first)
        return try await BuildLife.during(build, in: machine.state) {
            try recorder.begin(build, of: series, commit: commit.commit)
            report(.began(build))
            do {
                let result = try await run(build)
                try await removeResults(of: build)
                return result
            } catch {
                // Not started, or cancelled: there is nothing to record, and
                // the compiled packages stay in the pool for the next build.
                try? recorder.abandon(build, of: series)
                try? await removeResults(of: build)
                throw error
            }
        }
    }

    private func run(_ build: BuildID) async throws -> TupleReport {
        var stopwatch = Stopwatch()
        let workshop = BuildWorkshop(
            machine: machine, site: site, commit: commit, repository: repository, report: report)
        var jobs = try await workshop.jobs(of: build)
        let flavour = try await workshop.flavour(jobs)
        if options.dryRun { return try await planned(build, workshop, jobs, flavour) }
        let directory = try await stopwatch.pausing {
            try await PackageDirectory.lock(flavour, in: machine.state.pool) {
                report(.waiting("another build of flavour \(flavour.path)"))
            }
        }
        jobs.view.binpkgs = directory.path
        jobs.emerge = Emerge(comparesPatches: flavour.comparesPatches)
        try await workshop.mend(directory, jobs)

        let plan = try await workshop.plan(jobs.goal, &jobs, in: flavour)
        let durations = try history.durations(of: commit.tuple)
        report(.planned(plan, estimate: plan.estimate(by: durations)))
        let compilers = try workshop.compilers(for: plan, in: jobs.stage)
        jobs.compilers = compilers
        jobs.view.ccache = try workshop.ccache(of: flavour, in: jobs.stage)
        let watch = try PackageWatch(directory.path, of: flavour, before: plan)
        try directory.beginWriting(
            build,
            as: BuildResult(of: build, .cancelled, series: series, commit, flavour, on: machine),
            expecting: watch.expected)
        let log = try BuildLog.create(for: build, in: machine.state)
        let monitor = BuildMonitor(
            log: log.descriptor, directory: machine.state, report: report)
        monitor.note(workshop.remarks)
        let outcome: Outcome
        do {
            let reserved = try workshop.reserve(for: plan, in: flavour)
            defer { reserved.release() }
            outcome = try await run(jobs, fetches: plan.fetches, monitor)
        } catch let error as EngineError where error.code == .noSpace {
            // The packages compiled so far are in the pool and are recorded.
            monitor.note(error)
            outcome = Outcome(steps: [BuildJobs.brokenMerge])
        } catch {
            _ = try? await log.close()
            throw error
        }
        try await workshop.tidy(directory, after: outcome)
        try await machine.privileges.reclaim(jobs.view.out)
        let output = JobOutput(directory: jobs.view.out)
        try monitor.readPackageLogs(in: output)
        if compilers != nil { monitor.reportDistribution(hasCache: jobs.view.ccache != nil) }
        let harvest = Harvest(machine: machine, flavour: flavour, repository: repository)
        let isWhole = outcome.failure == nil
        var harvested = try await harvest.packages(
            from: output, durations: monitor.durations, watch: watch, isWhole: isWhole)
        if isWhole { harvested.addMissing(of: plan) }
        try workshop.quarantine(harvested.unfit, of: flavour, for: build)
        monitor.note(workshop.remarks)
        for problem in harvested.problems { monitor.warn("\(problem)") }
        try directory.endWriting()
        let logName = try await log.close()
        if let error = monitor.writeError {
            report(.warning("the log of this build is not whole: \(error)"))
        }
        var result = BuildResult(
            of: build, .success, series: series, commit, flavour, on: machine,
            seconds: stopwatch.seconds)
        result.unsandboxed = monitor.unsandboxed
        result.emulator = monitor.emulator
        result.distribution = compilers == nil ? nil : monitor.distribution
        result.failure =
            outcome.failure.map { monitor.failure(of: $0, log: logName) }
            ?? harvested.failure(log: logName)
        if result.failure != nil { result.status = .failure }
        guard try mayRecord() else {
            throw ZentooError(.busy, "another worker has taken over the build of '\(series)'")
        }
        let finished = FinishedBuild(result: result, packages: harvested.packages)
        let recorded = try await recorder.record(finished)
        try UnrecordedPackages.forget(
            build, recorded: finished.packages.map(\.path.pathInFlavour), in: directory.path)

        var summary = TupleReport(
            commit, of: series, status: result.status == .success ? .built : .failed)
        summary.build = build
        summary.tag = recorded.tagName
        summary.flavour = flavour.path
        summary.plan = plan
        summary.packages = finished.packages
        summary.failure = result.failure
        summary.fullPlace =
            result.failure?.phase == BuildResult.Failure.noSpace ? monitor.fullPlace : nil
        if result.failure?.package == nil {
            summary.exitStatus = outcome.failure?.status.shellStatus
        }
        if let failure = result.failure {
            summary.lastLines =
                failure.phase == BuildResult.Failure.harvest
                ? harvested.problems.map(\.description) : monitor.lastLines
        }
        summary.log = machine.state.logs.appending(logName).string
        summary.root = outcome.keptRoot?.string
        summary.durationSeconds = result.durationSeconds
        return summary
    }

    private func planned(
        _ build: BuildID, _ workshop: BuildWorkshop, _ jobs: BuildJobs, _ flavour: Flavour
    ) async throws -> TupleReport {
        let (plan, edited) = try await workshop.preview(
            jobs.goal, jobs, in: flavour, findsEdited: options.findsEdited)
        let durations = try history.durations(of: commit.tuple)
        report(.planned(plan, estimate: plan.estimate(by: durations)))
        try recorder.abandon(build, of: series)
        return TupleReport(commit, of: series, plan: plan, edited: edited, flavour: flavour)
    }

    private func run(
        _ jobs: BuildJobs, fetches: Bool, _ monitor: BuildMonitor
    ) async throws -> Outcome {
        var fetches = fetches
        if fetches, jobs.compilers != nil {
            let fetched = try await machine.engine.run(jobs.fetching, onEvent: monitor.hear)
            if fetched.failure != nil { return fetched }
            fetches = false
        }
        return try await machine.engine.run(
            jobs.build(fetches: fetches, keepsRoot: options.keepsRoot), onEvent: monitor.hear)
    }

    private func removeResults(of build: BuildID) async throws {
        try await machine.privileges.removeTree(
            machine.state.results.appending(build.description))
    }
}
