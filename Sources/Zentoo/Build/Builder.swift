internal import Engines
internal import Files
internal import Git
internal import SystemPackage

/// Builds tuples of one site on one machine and records what came of it.
public struct Builder: Sendable {
    let machine: Machine
    let site: ZentooName

    /// Builds for `site` on `machine`.
    public init(machine: Machine, site: ZentooName) {
        self.machine = machine
        self.site = site
    }

    /// Builds a tuple, unless that has been done: compose, compare, prepare,
    /// plan, run, harvest, record.
    ///
    /// Killed at any instant, the repository shows the build whole or not at
    /// all once the next command has run, and what was compiled is reused.
    ///
    /// - Throws: ``ZentooError`` when it cannot be begun; a step that fails is
    ///   a report of status ``TupleReport/Status/failed``, and recorded.
    public func build(
        _ text: String, options: BuildOptions = BuildOptions(),
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> TupleReport {
        let repository = try Repository.open(machine.repository)
        let site = try Site(site, in: repository, remote: machine.remote, state: machine.state)
        let tuple = try site.tuple(named: text)
        let commit = try TupleComposer(site).compose(tuple)
        let history = BuildHistory(repository: repository, site: site.name, state: machine.state)
        if !options.force, !options.dryRun,
            let standing = try await settled(commit, site, history)
        {
            return standing
        }

        let locks = machine.state.locks
        try Directory.create(locks)
        return try await FileLock.holding(
            locks.appending("tuple-\(site.name)-\(tuple)"),
            onWait: { report(.waiting("another build of '\(tuple)'")) }
        ) {
            // Whoever held the lock may have built just this.
            if !options.force, !options.dryRun,
                let standing = try await settled(commit, site, history)
            {
                return standing
            }
            let run = BuildRun(
                machine: machine, site: site, commit: commit, repository: repository,
                history: history, options: options, report: report)
            return try await run.perform()
        }
    }

    /// The report when nothing needs to be built: decided by tree ids and the
    /// files in the pool, without starting Portage.
    private func settled(
        _ commit: TupleCommit, _ site: Site, _ history: BuildHistory
    ) async throws -> TupleReport? {
        switch try history.standing(
            of: commit, live: site.tuplesFile.options(of: commit.tuple).live)
        {
        case .due:
            return nil
        case .upToDate(let result, let tag):
            var report = TupleReport(commit, of: site.name, status: .upToDate)
            report.build = result.build
            report.tag = tag
            report.flavour = "\(result.chost)/\(result.flavour)"
            return report
        case .builtBefore(let result):
            let recorder = Recorder(site.repository, signer: machine.signer)
            let build = BuildID.make()
            let recorded = try await recorder.stamp(
                result, as: build, for: BuildSeries(site: site.name, tuple: commit.tuple),
                commit: commit.commit, tagger: machine.identity.at(build.started))
            var report = TupleReport(commit, of: site.name, status: .stamped)
            report.build = build
            report.tag = recorded.tagName
            report.flavour = "\(result.chost)/\(result.flavour)"
            return report
        }
    }
}

extension Signature {
    /// The same person at another time.
    func at(_ moment: Timestamp) -> Signature {
        at(seconds: moment.milliseconds / 1000)
    }
}
