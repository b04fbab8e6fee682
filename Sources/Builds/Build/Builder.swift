internal import Engines
internal import Files
internal import Git
package import Records
package import Sites
internal import SystemPackage

/// Builds tuples of one site on one machine and records the results.
package struct Builder: Sendable {
    /// The machine that builds.
    package let machine: Machine
    /// The site whose tuples are built.
    package let site: ZentooName

    /// Creates a builder for `site` on `machine`.
    package init(machine: Machine, site: ZentooName) {
        self.machine = machine
        self.site = site
    }

    /// Builds a tuple unless it is up to date: compose, compare, prepare, plan,
    /// run, harvest, record.
    ///
    /// However it is killed, the repository shows the build completely or not
    /// at all once the next command has run, and the compiled packages are
    /// reused.
    ///
    /// - Throws: ``ZentooError`` if it cannot start. If a step fails, that is
    ///   recorded and the report has the status ``TupleReport/Status/failed``.
    package func build(
        _ text: String, options: BuildOptions = BuildOptions(),
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> TupleReport {
        let site = try openSite()
        let commit = try TupleComposer(site).compose(site.tuple(named: text))
        return try await build(
            commit, of: BuildSeries(site: site.name, tuple: commit.tuple), site, options, report)
    }

    /// Builds the commit of a root's branch as ``build(_:options:report:)``
    /// builds a tuple. It is recorded as a build of the root and never counts
    /// as the newest of its tuple.
    ///
    /// - Throws: ``ZentooError``, also if the root changes files that belong to
    ///   no branch or that a tuple must not change.
    package func build(
        root name: ZentooName, options: BuildOptions = BuildOptions(),
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> TupleReport {
        let site = try openSite()
        let root = try RootBranch(name, in: site.repository)
        let commit = try RootChanges(root, in: site.repository).tupleCommit(of: site)
        if let place = try await machine.git.worktree(
            ofBranch: root.shownRef, gitDirectory: site.repository.commonDirectory),
            try await machine.git.hasChanges(in: place)
        {
            report(.warning("'\(place)' has changes that are not committed, and not built"))
        }
        return try await build(
            commit, of: BuildSeries(site: site.name, tuple: commit.tuple, root: name), site,
            options, report)
    }

    private func openSite() throws -> Site {
        try Site(
            site, in: Repository.open(machine.repository), remote: machine.remote,
            state: machine.state)
    }

    /// Builds a composed commit and records it in a series.
    ///
    /// - Parameter mayRecord: called when everything is built, before it is
    ///   recorded.
    /// - Throws: as ``build(_:options:report:)``.
    package func build(
        _ commit: TupleCommit, of series: BuildSeries, _ site: Site, _ options: BuildOptions,
        _ report: @escaping @Sendable (BuildEvent) -> Void,
        mayRecord: @escaping @Sendable () throws -> Bool = { true }
    ) async throws -> TupleReport {
        let history = BuildHistory(
            repository: site.repository, series: series, state: machine.state)
        if !options.force, !options.dryRun,
            let standing = try await TupleStandings(site, state: machine.state)
                .upToDate(commit, history)
        {
            return standing
        }

        func run() async throws -> TupleReport {
            try await BuildRun(
                machine: machine.working(on: commit.tuple, of: site), site: site,
                series: series, commit: commit, repository: site.repository, history: history,
                options: options, report: report, mayRecord: mayRecord
            ).perform()
        }
        // A plan changes nothing, and waits for nobody.
        if options.dryRun { return try await run() }

        let locks = machine.state.locks
        try Directory.create(locks)
        let lock = series.root.map { "tuple-root-\($0)" } ?? "tuple-\(site.name)-\(commit.tuple)"
        return try await FileLock.holding(
            locks.appending(lock),
            onWait: {
                let name = series.root.map { "root '\($0)'" } ?? "'\(series.tuple)'"
                report(.waiting("another build of \(name)"))
            }
        ) {
            // The previous holder of the lock may have built the same.
            if !options.force, let standing = try await settled(commit, site, history) {
                return standing
            }
            return try await run()
        }
    }

    /// Returns the report if nothing has to be built; decided by tree ids and
    /// the files in the pool, without starting Portage.
    ///
    /// Must be called under the tuple's lock: it tags a tree that was built
    /// before, and two concurrent calls would create two tags.
    private func settled(
        _ commit: TupleCommit, _ site: Site, _ history: BuildHistory
    ) async throws -> TupleReport? {
        let standing = try history.standing(
            of: commit, live: site.tuplesFile.options(of: commit.tuple).live)
        if let result = standing.result, try await !history.isIntact(result) { return nil }
        switch standing {
        case .due:
            return nil
        case .upToDate(let result, let tag):
            return TupleReport(standing: commit, of: history.series, result, tag: tag)
        case .untagged(let result):
            let recorded = try await Recorder(site.repository, signer: machine.signer)
                .settle(result, isResumed: true)
            return TupleReport(
                standing: commit, of: history.series, result, tag: recorded.tagName,
                status: .stamped)
        case .builtBefore(var result):
            let recorder = Recorder(site.repository, signer: machine.signer)
            let build = BuildID.make(
                after: try Whence(site.repository).builds(of: history.series, limit: 1).first)
            let recorded = try await recorder.stamp(
                result, as: build, for: history.series, commit: commit.commit,
                tagger: machine.identity.at(build.started))
            result.build = build
            return TupleReport(
                standing: commit, of: history.series, result, tag: recorded.tagName,
                status: .stamped)
        }
    }
}

extension Signature {
    /// Returns the signature of the same person at another time.
    func at(_ moment: Timestamp) -> Signature {
        at(seconds: moment.milliseconds / 1000)
    }
}
