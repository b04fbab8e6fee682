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
        try recorder.checkRoom(for: series)
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
                // the compiled packages are in the pool for the next build.
                try? recorder.abandon(build, of: series)
                await PackageSalvage(machine: machine).finish(build)
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
        report(
            .planned(plan, estimate: plan.estimate(by: try history.durations(of: commit.tuple))))
        // Read before a job runs that could write there.
        let output = JobOutput(directory: jobs.view.out)
        var harvested = try await workshop.harvest(of: flavour)
            .present(PortageScripts.plannedPackages, of: output)
        let compilation = Compilation(
            workshop: workshop, plan: plan, flavour: flavour,
            cancelled: BuildResult(
                of: build, .cancelled, series: series, commit, flavour, on: machine),
            keepsRoot: options.keepsRoot)
        let log = try BuildLog.create(for: build, in: machine.state)
        var ended: BuildEnd
        do {
            ended = try await compilation.run(jobs, log: log, into: directory)
            harvested.add(ended.harvested)
            if ended.outcome.failure == nil { harvested.addMissing(of: plan) }
            try workshop.quarantine(harvested.unfit, of: flavour, for: build)
            ended.monitor.note(workshop.remarks)
            for problem in harvested.problems { ended.monitor.warn("\(problem)") }
            // Others may build packages of this flavour meanwhile.
            _ = consume directory
            if ended.outcome.failure == nil, !harvested.problems.contains(where: \.isMerged) {
                try await assemble(harvested.packages, jobs, log, &ended)
            }
        } catch {
            _ = try? await log.close()
            throw error
        }
        let logName = try await log.close()
        if let error = ended.monitor.writeError {
            report(.warning("the log of this build is not whole: \(error)"))
        }
        var result = BuildResult(
            of: build, .success, series: series, commit, flavour, on: machine,
            seconds: stopwatch.seconds)
        result.unsandboxed = ended.unsandboxed
        result.emulator = ended.monitor.emulator
        result.distribution = ended.distribution
        result.failure =
            ended.outcome.failure.map { ended.monitor.failure(of: $0, log: logName) }
            ?? harvested.failure(log: logName)
        if result.failure != nil { result.status = .failure }
        guard try mayRecord() else {
            throw ZentooError(.busy, "another worker has taken over the build of '\(series)'")
        }
        let finished = FinishedBuild(result: result, packages: harvested.packages)
        let recorded = try await recorder.record(finished)
        try UnrecordedPackages.forget(
            build, recorded: finished.packages.map(\.path.pathInFlavour),
            in: machine.state.packages(of: flavour))

        return report(of: finished, tag: recorded.tagName, plan, flavour, ended, harvested, logName)
    }

    /// Returns the report of a recorded build.
    private func report(
        of build: FinishedBuild, tag: String?, _ plan: MergePlan, _ flavour: Flavour,
        _ ended: BuildEnd, _ harvested: Harvest.Result, _ logName: String
    ) -> TupleReport {
        let result = build.result
        var summary = TupleReport(
            commit, of: series, status: result.status == .success ? .built : .failed)
        summary.build = result.build
        summary.tag = tag
        summary.flavour = flavour.path
        summary.plan = plan
        summary.packages = build.packages
        summary.merge = ended.merge
        summary.log = machine.state.logs.appending(logName).string
        summary.root = ended.outcome.keptRoot?.string
        summary.durationSeconds = result.durationSeconds
        guard let failure = result.failure else { return summary }
        summary.failure = failure
        summary.failedPackages = ended.monitor.failures
        if ended.outcome.failure?.name == BuildJobs.compileStep {
            let named = Set(summary.failedPackages.map(\.package))
            let made = Set(ended.harvested.packages.map(\.cpv))
            summary.droppedPackages = plan.compiled.subtracting(made).map(\.description)
                .filter { !named.contains($0) }.sorted()
        }
        if failure.phase == BuildResult.Failure.noSpace {
            summary.fullPlace = ended.monitor.fullPlace
        }
        if failure.package == nil {
            summary.exitStatus = ended.outcome.failure?.status.shellStatus
        }
        summary.lastLines =
            failure.phase == BuildResult.Failure.harvest
            ? harvested.problems.map(\.description) : ended.monitor.lastLines
        return summary
    }

    /// Proves that the packages make the root: merges them over the stage, with
    /// the build hooks.
    private func assemble(
        _ packages: [RecordedPackage], _ jobs: BuildJobs, _ log: BuildLog, _ ended: inout BuildEnd
    ) async throws {
        let monitor = { [machine, report] in
            BuildMonitor(log: log.descriptor, directory: machine.state, report: report)
        }
        do {
            let assembly = try await RootAssembly(of: packages, machine: machine, jobs: jobs)
            let run = try await assembly.run(
                in: .overlay(jobs.stage), keepsRoot: options.keepsRoot, monitor: monitor)
            ended.outcome = run.outcome
            ended.monitor = run.monitor
            ended.merge = run.merge
        } catch let error as EngineError where error.code == .noSpace {
            ended.monitor = monitor()
            ended.monitor.note(error)
            ended.outcome = Outcome(steps: [BuildJobs.broken(BuildJobs.mergeStep)])
        }
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

    private func removeResults(of build: BuildID) async throws {
        try await machine.privileges.removeTree(machine.state.results(of: build))
    }
}
