internal import Builds
internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// One trial of a patch, from the diff to the package built with it.
struct PatchTrial {
    let id: BuildID
    let place: PatchPlace
    let source: PatchSource
    let runsTests: Bool
    /// The session to run afterwards; nil for none.
    let options: SessionOptions?
    let workplace: RootWorkplace

    private var machine: Machine { workplace.machine }

    func perform() async throws -> PatchTrialReport {
        guard var record = try PatchRecord(of: place) else { throw PatchSurvey.damaged(place) }
        let own = try source.open()
        let base = try source.base(in: own)
        let tree = try source.snapshot(in: own)
        let changes = try own.diffTrees(own.commit(base).tree, tree).count
        let patch =
            changes == 0 ? nil : try await source.patch(from: base, to: tree, with: machine.git)

        try workplace.prepareTree()
        let composed = try workplace.composed(RootSettings(of: place.root))
        var configuration = PatchConfiguration(composed.portageTree, in: workplace.repository)
        if let patch { try configuration.add(patch, at: path(of: record, composed.portageTree)) }
        let patched = composed.withPortage(configuration.tree)
        if runsTests { try configuration.addTests(of: record.cpv) }

        let workshop = workplace.workshop(of: composed)
        var jobs = PatchJobs(build: try await workshop.jobs(of: id))
        var flavour = try await workshop.flavour(jobs.build)
        if !flavour.comparesPatches {
            // Otherwise the patched package would be reused as an unpatched
            // one.
            let workshop = workplace.workshop(of: patched)
            flavour = try await workshop.flavour(workshop.jobs(of: id))
        }
        try await workshop.prove(flavour, for: id)
        jobs.build.emerge = Emerge(comparesPatches: flavour.comparesPatches)
        jobs.build.view.portage = try TreeCache(machine.state, workplace.repository)
            .path(of: configuration.tree)
        let packages = SessionPackages(of: flavour, for: jobs.build, in: place.root)
        let ended = try await run(jobs, packages, record, flavour, portageTree: patched.portageTree)
        if ended.outcome.failure?.name ?? SessionJobs.sessionStep == SessionJobs.sessionStep {
            record.tried = tree
            if let made = ended.made { try keep("\(flavour.id)/\(made)", &record) }
            try record.write(to: place)
        }
        return report(ended, record, packages, changes: changes)
    }

    /// Returns the path at which the diff is applied in the position that it
    /// was made for: after all patches of its base.
    private func path(of record: PatchRecord, _ portage: ObjectID) throws -> TreePath {
        let present = try UserPatches(
            of: record.cpv, slot: record.slot, in: portage, workplace.repository)
        if let edited = record.edited {
            guard let entry = present.entries.first(where: { $0.name == edited }) else {
                throw ZentooError(
                    .busy, "patch '\(edited)' is no longer in root '\(place.root.name)'",
                    hints: ["git -C '\(place.root.tree)' status"])
            }
            return entry.path
        }
        let name = (record.over.last.map { "\($0.name)~" } ?? "") + "zentoo-try" + PatchName.suffix
        return UserPatches.folder(of: place.package).appending(name)
    }

    /// Keeps the package of the last trial only; the package of a saved patch
    /// goes to the pool when it is built.
    private func keep(_ made: String, _ record: inout PatchRecord) throws {
        if let earlier = record.made, let slash = earlier.firstIndex(of: "/"), earlier != made {
            let flavour = FilePath(String(earlier[..<slash]))
            let package = String(earlier[earlier.index(after: slash)...])
            try PackageDirectory.remove([package], from: place.root.binpkgs.pushing(flavour))
        }
        record.made = made
    }

    // MARK: Running

    private struct Ended {
        let outcome: Outcome
        let monitor: BuildMonitor
        let log: FilePath
        let seconds: Int
        /// The path below PKGDIR.
        let made: String?
    }

    private func run(
        _ jobs: PatchJobs, _ packages: SessionPackages, _ record: PatchRecord, _ flavour: Flavour,
        portageTree: ObjectID
    ) async throws -> Ended {
        var session: Step?
        if let options {
            let sessionJobs = SessionJobs(
                build: jobs.build, packages: packages, place: place.root, options: options,
                patches: try PatchSurvey.places(in: place.root).flatMap { try $0.mounts() },
                resumed: nil)
            try sessionJobs.prepare()
            session = sessionJobs.step(
                portage: .readOnly(source: jobs.build.view.portage, target: "/etc/portage"))
            session?.condition = .onSuccess
        } else {
            try packages.prepare()
        }
        let before = try PackageDirectory.sizes(in: packages.binpkgs)
        let sharing = try Adoption(
            machine: machine, place: place.root, portageTree: portageTree, jobs: jobs.build,
            flavour: flavour, isContinued: true)
        // A command may use an earlier package with exactly these patches.
        let compiles = session == nil || runsTests || !flavour.comparesPatches
        let job = jobs.attempt(
            record.cpv, of: record.repository, packages, compiles: compiles, then: session)
        let log = try BuildLog.create(for: id, in: machine.state)
        let monitor = BuildMonitor(log: log.descriptor, report: workplace.report)
        let start = ContinuousClock.now
        let outcome: Outcome
        do {
            outcome = try await run(job, hasSession: session != nil, monitor)
            try monitor.readPackageLogs(in: JobOutput(directory: jobs.build.view.out))
        } catch {
            _ = try? await log.close()
            throw error
        }
        let name = try await log.close()
        // Packages that came from the pool need no second copy.
        _ = try await sharing.conclude(report: workplace.report)
        let prefix = "\(record.cpv.package)/\(record.cpv.nameAndVersion)-"
        let made = try PackageDirectory.sizes(in: packages.binpkgs).keys
            .filter { before[$0] == nil && $0.hasPrefix(prefix) }.max()
        return Ended(
            outcome: outcome, monitor: monitor, log: machine.state.logs.appending(name),
            seconds: Int((ContinuousClock.now - start).components.seconds), made: made)
    }

    private func run(
        _ job: Job, hasSession: Bool, _ monitor: BuildMonitor
    ) async throws -> Outcome {
        guard hasSession else { return try await machine.engine.run(job, onEvent: monitor.hear) }
        guard let engine = machine.engine as? any TerminalEngine else {
            throw ZentooError(
                .unsupported, "engine '\(machine.engine.name)' cannot run a command in a root",
                hints: ["'--engine local' runs it on this machine"])
        }
        return try await engine.enter(job, then: { _ in [] }, onEvent: monitor.hear)
    }

    private func report(
        _ ended: Ended, _ record: PatchRecord, _ packages: SessionPackages, changes: Int
    ) -> PatchTrialReport {
        let session = ended.outcome.steps.first { $0.name == SessionJobs.sessionStep }
        let failure = session == nil ? ended.outcome.failure : nil
        let ofMerge = failure?.name == BuildJobs.mergeStep ? ended.monitor.failure : nil
        return PatchTrialReport(
            root: place.root.name.text, version: "\(record.cpv)",
            status: failure == nil ? .built : .failed, changes: changes,
            phase: ofMerge?.phase ?? failure?.name, failed: ofMerge?.package,
            lastLines: failure == nil ? [] : ended.monitor.lastLines, log: ended.log.string,
            package: ended.made.map { packages.binpkgs.pushing(FilePath($0)).string },
            durationSeconds: ended.seconds, commandStatus: session?.status.shellStatus)
    }
}
