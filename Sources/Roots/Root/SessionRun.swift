internal import Builds
internal import Engines
internal import Exec
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// One session in a locked root, from its work tree to the changes that are
/// kept.
struct SessionRun {
    let id: BuildID
    let engine: any TerminalEngine
    let options: SessionOptions
    let workplace: RootWorkplace

    private var machine: Machine { workplace.machine }
    private var place: RootPlace { workplace.place }
    private var report: @Sendable (BuildEvent) -> Void { workplace.report }

    func perform() async throws -> SessionReport {
        try workplace.prepareTree()
        var settings = try RootSettings(of: place)
        let composed = try workplace.composed(settings)
        let workshop = workplace.workshop(of: composed)
        let jobs = try await workshop.jobs(of: id)
        let flavour = try await workshop.flavour(jobs)
        try await workshop.prove(flavour, for: id)

        let resumed = try resumed(settings, over: composed.stage.digest)
        let session = SessionJobs(
            build: jobs, packages: SessionPackages(of: flavour, for: jobs, in: place),
            place: place, options: options,
            patches: try PatchSurvey.places(in: place).flatMap { try $0.mounts() },
            resumed: resumed)
        try session.prepare()
        let adoption = try Adoption(
            machine: machine, place: place, portageTree: composed.portageTree, jobs: jobs,
            flavour: flavour, isContinued: resumed != nil)
        let monitor = BuildMonitor(log: nil, report: report)
        let outcome = try await engine.enter(
            session.job, then: { try await adoption.steps(changes: $0) },
            onEvent: { event in
                // Without the mark nothing is adopted.
                if event == .started(step: SessionJobs.sessionStep) {
                    try? adoption.sessionBegins()
                }
                monitor.hear(event)
            })
        settings.kept =
            outcome.keptRoot == nil
            ? nil : RootSettings.Layer(job: session.job.id, stage: composed.stage.digest)
        try settings.write(to: place)
        guard let last = outcome.steps.first(where: { $0.name == SessionJobs.sessionStep }) else {
            throw ZentooError(
                .failed, "step '\(outcome.failure?.name ?? "?")' failed, as it would in a build",
                hints: monitor.lastLines.suffix(10).map { "said: \($0)" }
                    + ["a shell, without a command, is entered all the same"])
        }
        return SessionReport(
            name: place.name, status: last.status.shellStatus, isKept: outcome.keptRoot != nil,
            packages: try await adoption.conclude(report: report))
    }

    /// Returns the job whose root was kept; nil when there is none or it was
    /// removed.
    ///
    /// - Throws: ``ZentooError`` when it was kept over another stage.
    private func resumed(_ settings: RootSettings, over stage: SHA256Digest) throws -> String? {
        guard let kept = settings.kept else { return nil }
        let layer = machine.state.path.appending("jobs").appending(kept.job)
        guard try FileStatus.of(layer) != nil else { return nil }
        guard kept.stage == stage else {
            throw ZentooError(
                .unsupported,
                "what was kept of root '\(place.name)' lies over another stage than its own now",
                hints: ["git zentoo root reset \(place.name)"])
        }
        return kept.job
    }
}
