internal import Engines
internal import Files
package import Git
package import Records
internal import Sites
internal import SystemPackage

/// Repairs PKGDIRs: removes partial files and updates indexes.
package struct PoolRepair {
    /// The result of a repair.
    package struct Report {
        /// Partial files that were removed, relative to the pool.
        package var removed: [String] = []
        /// The PKGDIRs that were indexed, `<CHOST>/<flavour>`.
        package var indexed: [String] = []
        /// The reasons why a PKGDIR could not be repaired.
        package var obstacles: [String] = []
    }

    let machine: Machine
    let repository: Repository

    /// Creates the repair of a machine's pool.
    package init(machine: Machine, repository: Repository) {
        self.machine = machine
        self.repository = repository
    }

    /// Repairs all PKGDIRs that no build is writing.
    ///
    /// - Parameter results: all builds of the repository: an index is written
    ///   by the Portage of a stage that its flavour was built on.
    /// - Throws: `FileError`, `GitError`; `CancellationError`.
    package func run(of results: [BuildResult]) async throws -> Report {
        let recorded = try RecordedPaths(repository)
        let survey = PoolSurvey(pool: machine.state.pool, isRecorded: recorded.contains)
        var report = Report()
        for problem in try survey.problems() {
            guard
                let directory = try PackageDirectory.tryLock(
                    problem.directory, in: machine.state.pool)
            else { continue }
            report.removed += try await PackageDirectory.removeIrregularIndexes(
                from: directory.path, by: machine.privileges
            ).map { "\(problem.directory)/\($0)" }
            report.removed += try directory.removePartialFiles(survey)
            if try survey.state(of: problem.directory).isIndexed { continue }
            do {
                if try await index(problem.directory, results) {
                    report.indexed.append(problem.directory)
                }
                let left = try survey.state(of: problem.directory)
                if !left.isIndexed {
                    try prune(left)
                    report.obstacles.append(obstacle(left))
                }
            } catch let error where !(error is CancellationError) {
                try prune(survey.state(of: problem.directory))
                report.obstacles.append("'\(problem.directory)' is not indexed: \(error)")
            }
        }
        return report
    }

    /// - Returns: false if this machine has no stage to index it in.
    private func index(_ directory: String, _ results: [BuildResult]) async throws -> Bool {
        let store = StageStore(state: machine.state.path, privileges: machine.privileges)
        // Newest first, for the newest Portage.
        let builds = results.reversed().filter { result in
            "\(result.chost)/\(result.flavour)" == directory
                && store.tree(of: result.stage) != nil
        }
        guard let result = builds.first else { return false }
        let recorded = try RecordedSite(
            of: result, in: repository, remote: machine.remote, state: machine.state)
        try await BuildLife.during(.make(), on: machine) { build in
            let workshop = BuildWorkshop(
                machine: machine, site: recorded.site, commit: recorded.commit,
                repository: repository, report: { _ in })
            var jobs = try await workshop.jobs(of: build)
            jobs.view.binpkgs = machine.state.pool.pushing(FilePath(directory))
            try await workshop.repair(jobs)
        }
        return true
    }

    /// Removes missing packages from an index, which needs no Portage: an entry
    /// of a missing package stops any merge that wants it.
    private func prune(_ state: PackageDirectoryState) throws {
        guard !state.stale.isEmpty else { return }
        let path = machine.state.pool.pushing(FilePath(state.directory))
        guard let index = try PackageIndex(of: path) else { return }
        let stale = Set(state.stale)
        try FileContent.write(
            index.filtered { !stale.contains($0) }.bytes, to: path.appending("Packages"))
        try FileContent.remove(path.appending("Packages.gz"))
    }

    private func obstacle(_ left: PackageDirectoryState) -> String {
        let count =
            left.unindexed.count == 1 ? "1 package" : "\(left.unindexed.count) packages"
        return left.unindexed.isEmpty
            ? "'\(left.directory)': the index named packages that are not there; it was cut"
            : "'\(left.directory)': \(count) not indexed: no stage is here that built it, or "
                + "Portage does not take them; its next build tries again"
    }
}
