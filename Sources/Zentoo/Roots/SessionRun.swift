internal import Engines
internal import Exec
internal import Files
internal import Git
internal import SystemPackage

/// One session, from the lock to what is kept of it.
struct SessionRun {
    let id: BuildID
    let machine: Machine
    let engine: any TerminalEngine
    let place: RootPlace
    let options: SessionOptions
    let report: @Sendable (BuildEvent) -> Void
    private let repository: Repository
    private let worktree: RootWorktree
    private let branch: RootBranch
    private let site: Site

    init(
        id: BuildID, machine: Machine, engine: any TerminalEngine, place: RootPlace,
        options: SessionOptions, sites: [ZentooName], preferredSite: ZentooName,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) throws {
        self.id = id
        self.machine = machine
        self.engine = engine
        self.place = place
        self.options = options
        self.report = report
        repository = try Repository.open(machine.repository)
        worktree = RootWorktree(place: place, repository: repository)
        branch = try RootBranch(place.name, in: repository)
        site = try Site(
            try branch.site(
                among: sites, preferred: preferredSite, remote: machine.remote, in: repository),
            in: repository, remote: machine.remote)
    }

    func perform() async throws -> SessionReport {
        try prepareTree()
        var settings = try RootSettings(of: place)
        let composed = try composed(settings)
        let workshop = BuildWorkshop(
            machine: machine, site: site, commit: composed, repository: repository,
            report: report)
        let jobs = try await workshop.jobs(of: id)
        let flavour = try await workshop.flavour(jobs)
        let pool = machine.state.pool.appending(flavour.chost).appending(flavour.id)
        let binpkgs = place.binpkgs(of: flavour)

        let resumed = try resumed(settings, over: composed.stage.digest)
        let session = SessionJobs(
            build: jobs, place: place, options: options, pool: pool, binpkgs: binpkgs,
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

    private func prepareTree() throws {
        switch try worktree.ensure() {
        case .none: break
        case .linked:
            report(.warning("root '\(place.name)' had been moved; its work tree is mended"))
        case .checkedOut:
            report(
                .warning(
                    "the work tree of root '\(place.name)' was gone; it is checked out again, "
                        + "without what was not committed"))
        }
        // Portage compiles as another user, who is to read patches and all.
        try Directory.makeReadable(place.tree.appending("etc/portage"))
    }

    /// What a build of the work tree as it is now would be of, committed or
    /// not.
    private func composed(_ settings: RootSettings) throws -> TupleCommit {
        let head = try TupleCommit(
            reading: branch.head, tuple: site.tuple(named: branch.base.tuple), in: repository)
        let tree = try worktree.snapshot()
        guard let portage = try repository.entry(in: tree, "etc/portage"), portage.mode == .tree
        else {
            throw ZentooError(
                .damaged, "the work tree of root '\(place.name)' has no etc/portage",
                hints: ["git -C '\(place.tree)' checkout HEAD -- etc/portage"])
        }
        let hooks = try repository.entry(in: tree, "buildhooks")
        return TupleCommit(
            tuple: head.tuple, commit: head.commit, tree: tree, portageTree: portage.id,
            buildhooksTree: hooks?.id ?? .emptyTree, stage: settings.stage ?? head.stage,
            repositories: head.repositories, parents: head.parents)
    }

    /// The root that was kept, unless it lies over another stage than the one
    /// that is wanted now, or was cleared away.
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
