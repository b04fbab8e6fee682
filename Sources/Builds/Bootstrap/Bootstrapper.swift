internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// Bootstraps stages of one site: a tuple's own stage, rebuilt with the tuple's
/// flags.
package struct Bootstrapper: Sendable {
    let machine: Machine
    let site: ZentooName

    /// Creates a bootstrapper of stages for `site` on `machine`.
    package init(machine: Machine, site: ZentooName) {
        self.machine = machine
        self.site = site
    }

    /// Bootstraps a stage of a tuple, unless one was made from the same inputs:
    /// merges again everything in the tuple's stage and the tuple's set.
    ///
    /// However it is killed, the repository shows the bootstrap completely or
    /// not at all once the next command has run, and the compiled packages are
    /// reused.
    ///
    /// - Parameters:
    ///   - text: the tuple's name.
    ///   - name: the stage's name; nil for ``name(for:_:)``.
    /// - Throws: ``ZentooError`` if it cannot start. If a step fails, that is
    ///   recorded and the report has the status ``TupleReport/Status/failed``.
    package func bootstrap(
        _ text: String, as name: String? = nil, options: BuildOptions = BuildOptions(),
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> TupleReport {
        let site = try Site(
            site, in: Repository.open(machine.repository), remote: machine.remote,
            state: machine.state)
        let commit = try TupleComposer(site).compose(site.tuple(named: text))
        let name = try name.map { try ZentooName($0) } ?? Self.name(for: commit, site)
        let editor = SiteEditor(site, machine: machine)
        try editor.checkSource(of: name)
        let series = BuildSeries(site: site.name, tuple: commit.tuple, stage: name)
        let history = BootstrapHistory(
            repository: site.repository, series: series, state: machine.state)

        func run() async throws -> TupleReport {
            try await BootstrapRun(
                machine: machine.working(on: commit.tuple, of: site), site: site,
                series: series, commit: commit, history: history, options: options,
                report: report
            ).perform()
        }
        // A plan changes nothing, and waits for nobody.
        if options.dryRun { return try await run() }

        let locks = machine.state.locks
        try Directory.create(locks)
        return try await FileLock.holding(
            locks.appending("stage-\(site.name)-\(name)"),
            onWait: { report(.waiting("another bootstrap of stage '\(name)'")) }
        ) {
            if !options.force, let standing = try await standing(commit, site, history, report) {
                return standing
            }
            try await editor.checkFiles()
            return try await run()
        }
    }

    /// Returns the default name of a tuple's stage: `<cpu>-<portage>`, the cpu
    /// and the portage branch, whose flags it is compiled with. If the tuple is
    /// already built on a stage bootstrapped from it, that stage's name.
    ///
    /// - Throws: ``ZentooError`` if that name belongs to the stage of another
    ///   tuple, which would be overwritten.
    static func name(for commit: TupleCommit, _ site: Site) throws -> ZentooName {
        let tuple = commit.tuple
        let own = StageSource.pool(tuple: tuple.text)
        if let present = site.stages.first(where: { $0.name == commit.stage.name }),
            present.source == own
        {
            return present.name
        }
        let name = try ZentooName("\(tuple.cpu)-\(tuple.portage)")
        if case .pool(let other) = site.stages.first(where: { $0.name == name })?.source,
            other != tuple.text
        {
            throw ZentooError(
                .exists, "stage '\(name)' was made of tuple '\(other)'",
                hints: [
                    "give this one a name: 'git zentoo bootstrap \(tuple) --name NAME'",
                    "'--name \(name)' replaces the other",
                ])
        }
        return name
    }

    /// Returns the report if nothing has to be made; nil otherwise. Restores
    /// the stage's line and pin in the site if they are missing.
    private func standing(
        _ commit: TupleCommit, _ site: Site, _ history: BootstrapHistory,
        _ report: @Sendable (BuildEvent) -> Void
    ) async throws -> TupleReport? {
        let made: BuildResult
        var tag: String?
        var status = TupleReport.Status.upToDate
        let standing = try history.standing(
            of: commit, live: site.tuplesFile.options(of: commit.tuple).live)
        if let archive = standing.result?.archive, try await !isIntact(archive, report) {
            return nil
        }
        switch standing {
        case .due: return nil
        case .upToDate(let result, let found): (made, tag) = (result, found)
        case .untagged(let result):
            made = result
            status = .stamped
            let recorder = Recorder(site.repository, signer: machine.signer)
            _ = try await recorder.settle(result, isResumed: true, through: .latest)
        }
        try await StageRegistration(machine: machine, repository: site.repository).register(made)
        if status == .stamped {
            tag = try await Recorder(site.repository, signer: machine.signer)
                .settle(made, isResumed: true).tagName
        }
        var result = TupleReport(
            standing: commit, of: history.series, made, tag: tag, status: status)
        result.stage = MadeStage(made, in: machine.state)
        return result
    }

    /// Returns whether the content of a stage's archive is the recorded one;
    /// otherwise moves the archive into quarantine.
    private func isIntact(
        _ archive: BuildResult.Archive, _ report: (BuildEvent) -> Void
    ) async throws -> Bool {
        let path = "\(StateDirectory.madeStages)/\(archive.sha256).tar.zst"
        let digests = try await DigestCache(machine.state, part: StateDirectory.madeStages)
            .digests(of: [path])
        if digests[path] == archive.sha256 { return true }
        if let place = try Quarantine(pool: machine.state.pool, build: .make()).take(path) {
            report(
                .warning(
                    "'\(path)' is not used: its content is not what was recorded; "
                        + "it is now '\(place)'"))
        }
        return false
    }
}
