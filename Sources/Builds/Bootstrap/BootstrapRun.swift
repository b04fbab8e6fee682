internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// One bootstrap, from its id to the stage in the pool, its record and its line
/// on the site branch.
struct BootstrapRun {
    let machine: Machine
    let site: Site
    let series: BuildSeries
    let commit: TupleCommit
    let history: BootstrapHistory
    let options: BuildOptions
    let report: @Sendable (BuildEvent) -> Void

    private var repository: Repository { site.repository }
    private var recorder: Recorder { Recorder(repository, signer: machine.signer) }

    func perform() async throws -> TupleReport {
        try recorder.checkRoom(for: series)
        let build = BuildID.make(after: try Whence(repository).builds(of: series, limit: 1).first)
        return try await BuildLife.during(build, in: machine.state) {
            // Created first: the files left by a killed build are found by it.
            _ = try machine.state.createOutput(of: build)
            try recorder.begin(build, of: series, commit: commit.commit)
            report(.began(build))
            let outcome: Result<TupleReport, any Error>
            do {
                outcome = .success(try await run(build))
            } catch {
                // The compiled packages stay in the pool for the next
                // bootstrap.
                try? recorder.abandon(build, of: series)
                outcome = .failure(error)
            }
            try? await UnfinishedPlaces(build: build, machine: machine).clear()
            await PackageSalvage(machine: machine).finish(build)
            return try outcome.get()
        }
    }

    private func run(_ build: BuildID) async throws -> TupleReport {
        let stopwatch = Stopwatch()
        let workshop = BuildWorkshop(
            machine: machine, site: site, commit: commit, repository: repository, report: report)
        var jobs = try await workshop.jobs(of: build)
        let flavour = try await workshop.flavour(jobs)
        if options.dryRun { return try await planned(build, workshop, jobs, flavour) }

        let root = try await copyStage(build, jobs.stage)
        jobs.root = .directory(root, of: jobs.stage)
        let log = try BuildLog.create(for: build, in: machine.state)
        let monitor = BuildMonitor(
            log: log.descriptor, directory: machine.state, report: report)
        var rebuild = RootRebuild(
            build: build, workshop: workshop, monitor: monitor,
            durations: try history.durations(of: commit.tuple), stopwatch: stopwatch, jobs: jobs,
            flavour: flavour,
            cancelled: BuildResult(
                of: build, .cancelled, series: series, commit, flavour, on: machine))
        var archive: BuildResult.Archive?
        var obstacle: Obstacle?
        do {
            (archive, obstacle) = try await make(build, root, &rebuild, workshop)
            try monitor.readPackageLogs(in: JobOutput(directory: jobs.view.out))
        } catch {
            _ = try? await log.close()
            throw error
        }
        let logName = try await log.close()
        if let error = monitor.writeError {
            report(.warning("the log of this build is not whole: \(error)"))
        }
        var result = BuildResult(
            of: build, archive == nil ? .failure : .success, series: series, commit,
            rebuild.flavour, on: machine, seconds: rebuild.stopwatch.seconds)
        result.archive = archive
        result.unsandboxed = monitor.unsandboxed
        result.emulator = monitor.emulator
        result.failure = obstacle.map { obstacle in
            if obstacle.isOfHarvest {
                return BuildResult.Failure(
                    phase: BuildResult.Failure.harvest, package: obstacle.package, log: logName)
            }
            return obstacle.step.map { monitor.failure(of: $0, log: logName) }
                ?? BuildResult.Failure(phase: "plan", log: logName)
        }
        let finished = FinishedBuild(result: result, packages: rebuild.packages)
        let tag = try await record(finished)
        try rebuild.recordedAll()

        var summary = TupleReport(
            commit, of: series, status: archive == nil ? .failed : .built)
        summary.build = build
        summary.tag = tag
        summary.flavour = rebuild.flavour.path
        summary.plan = rebuild.plan
        summary.packages = finished.packages
        summary.stage = MadeStage(result, in: machine.state)
        summary.failure = result.failure
        summary.fullPlace =
            result.failure?.phase == BuildResult.Failure.noSpace ? monitor.fullPlace : nil
        if let step = obstacle?.step, result.failure?.package == nil {
            summary.exitStatus = step.status.shellStatus
        }
        summary.lastLines = obstacle.map { $0.lines ?? monitor.lastLines } ?? []
        summary.log = machine.state.logs.appending(logName).string
        summary.durationSeconds = result.durationSeconds
        return summary
    }

    /// The reason why a stage could not be made.
    private struct Obstacle {
        /// The step that failed; nil if Portage could not make a plan.
        var step: StepResult?
        /// The package that cannot be merged into a root again.
        var package: String?
        /// Whether it was found after everything was merged.
        var isOfHarvest = false
        var lines: [String]?
    }

    private func make(
        _ build: BuildID, _ root: FilePath, _ rebuild: inout RootRebuild,
        _ workshop: BuildWorkshop
    ) async throws -> (BuildResult.Archive?, Obstacle?) {
        do {
            try await rebuild.perform()
            let portage = try TreeCache(machine.state, repository)
                .path(of: commit.ownPortageTree(in: repository))
            let outcome = try await machine.engine.run(
                rebuild.jobs.configuring(with: portage), onEvent: rebuild.monitor.hear)
            if let step = outcome.failure { return (nil, Obstacle(step: step)) }
            report(.preparing("the archive of stage '\(series.stage?.text ?? "")'"))
            return (try await StageArchive(build: build, machine: machine).make(of: root), nil)
        } catch let failure as RootRebuild.Failure {
            return (
                nil,
                Obstacle(
                    step: failure.step, package: failure.package,
                    isOfHarvest: failure.step == nil, lines: failure.lines)
            )
        } catch let error as ZentooError where !rebuild.packages.isEmpty {
            // The packages made so far are recorded.
            return (nil, Obstacle(lines: [error.message] + error.hints))
        } catch let error as EngineError
            where error.code == .noSpace && !rebuild.packages.isEmpty
        {
            rebuild.monitor.note(error)
            return (nil, Obstacle(step: BuildJobs.broken(BuildJobs.mergeStep)))
        }
    }

    /// Records a build. The stage is registered with the site after its result
    /// is recorded and before its tag settles the record: if the process is
    /// killed in between, the next command completes this.
    ///
    /// - Returns: the name of the tag; nil if there is none.
    private func record(_ build: FinishedBuild) async throws -> String? {
        guard build.result.archive != nil else {
            return try await recorder.record(build).tagName
        }
        _ = try await recorder.record(build, through: .latest)
        try await StageRegistration(machine: machine, repository: repository)
            .register(build.result)
        return try await recorder.settle(build.result, isResumed: true).tagName
    }

    /// Copies the stage; the jobs change the copy in place.
    private func copyStage(_ build: BuildID, _ stage: StageImage) async throws -> FilePath {
        report(.preparing("a copy of stage '\(stage.name)'"))
        let folder = machine.state.path.appending("bootstraps")
        try Directory.create(folder, mode: 0o700)
        let root = folder.appending(build.description)
        try UnfinishedPlaces(build: build, machine: machine).add(root)
        try Directory.create(root)
        try await stage.copy(into: root, by: machine.privileges)
        return root
    }

    private func planned(
        _ build: BuildID, _ workshop: BuildWorkshop, _ jobs: BuildJobs, _ flavour: Flavour
    ) async throws -> TupleReport {
        let (plan, edited) = try await workshop.preview(
            .everything(with: commit.tuple.packages.text), jobs, in: flavour)
        report(
            .planned(plan, estimate: plan.estimate(by: try history.durations(of: commit.tuple))))
        try recorder.abandon(build, of: series)
        return TupleReport(commit, of: series, plan: plan, edited: edited, flavour: flavour)
    }
}
