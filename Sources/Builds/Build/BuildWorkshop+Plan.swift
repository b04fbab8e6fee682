internal import Engines
internal import Files
package import Records
internal import Sites
internal import SystemPackage

extension BuildWorkshop {
    /// Returns Portage's plan, made of packages that are proved to be what the
    /// records name. If the site wants packages compiled again whose ebuilds were
    /// edited without a revision bump, the jobs and the plan are changed
    /// accordingly.
    ///
    /// - Throws: ``ZentooError`` with Portage's output if it cannot resolve the
    ///   goal.
    func plan(
        _ goal: MergeGoal, _ jobs: inout BuildJobs, in flavour: Flavour
    ) async throws -> MergePlan {
        let plan = try await proven(goal, jobs, in: flavour)
        guard compilesEdited else { return plan }
        let edited = try await edited(in: plan, of: flavour, jobs)
        guard !edited.isEmpty else { return plan }
        jobs.emerge.compiled = edited
        return try await proven(goal, jobs, in: flavour)
    }

    /// Returns what Portage would do, and which packages it would reuse although
    /// they were edited without a revision bump. Nothing is changed and no lock is
    /// taken: what must not be used stays where it is and counts as compiled.
    ///
    /// - Parameter findsEdited: whether to look for edited packages in any case.
    /// - Throws: as ``plan(_:_:in:)``.
    func preview(
        _ goal: MergeGoal, _ jobs: BuildJobs, in flavour: Flavour, findsEdited: Bool = false
    ) async throws -> (plan: MergePlan, edited: [String]) {
        var jobs = jobs
        let directory = state.packages(of: flavour)
        try Directory.create(directory)
        jobs.view.binpkgs = directory
        jobs.emerge = Emerge(comparesPatches: flavour.comparesPatches)
        var plan = try await plan(goal, jobs)
        var edited: [String] = []
        if compilesEdited || findsEdited {
            edited = try await self.edited(in: plan, of: flavour, jobs)
        }
        if compilesEdited, !edited.isEmpty {
            jobs.emerge.compiled = edited
            plan = try await self.plan(goal, jobs)
        }
        for unfit in try await PoolProof(repository, state: state).unfit(in: plan, of: flavour) {
            report(.warning("'\(unfit.path)' will not be used: \(unfit.reason)"))
            plan.compile(unfit.path.cpv)
        }
        return (plan, edited)
    }

    private var compilesEdited: Bool {
        site.tuplesFile.options(of: commit.tuple).rebuild == .anyChange
    }

    private func edited(
        in plan: MergePlan, of flavour: Flavour, _ jobs: BuildJobs
    ) async throws -> [String] {
        try await EditedEbuilds(repository: repository, machine: machine)
            .packages(of: plan, flavour: flavour, jobs: jobs)
    }

    /// Plans until every package to be reused is the one that records name at
    /// its path: any other goes into quarantine and is compiled again.
    private func proven(
        _ goal: MergeGoal, _ jobs: BuildJobs, in flavour: Flavour
    ) async throws -> MergePlan {
        let proof = try PoolProof(repository, state: machine.state)
        try quarantine(proof.misnamed(in: flavour), of: flavour, for: jobs.id)
        var seen: Set<PoolPath> = []
        while true {
            let plan = try await plan(goal, jobs)
            let unfit = try await proof.unfit(in: plan, of: flavour)
            if unfit.isEmpty { return plan }
            guard seen.isDisjoint(with: unfit.map(\.path)) else {
                throw ZentooError(
                    .damaged, "the pool changes while it is looked at: '\(unfit[0].path)'",
                    hints: ["git zentoo verify"])
            }
            seen.formUnion(unfit.map(\.path))
            try quarantine(unfit, of: flavour, for: jobs.id)
        }
    }

    /// Removes files from a flavour's PKGDIR that are not what records name,
    /// before packages are taken from there without a plan.
    package func prove(_ flavour: Flavour, for build: BuildID) async throws {
        let proof = try PoolProof(repository, state: machine.state)
        if try await proof.unfit(in: flavour).isEmpty { return }
        // The holder of the lock may be about to record the packages that look
        // unfit.
        let directory = try await PackageDirectory.lock(flavour, in: machine.state.pool) {
            report(.waiting("a build of flavour \(flavour.path)"))
        }
        let unfit = try await PoolProof(repository, state: machine.state).unfit(in: flavour)
        try quarantine(unfit, of: flavour, for: build)
        _ = consume directory
    }

    /// Repairs a PKGDIR whose writer was killed or found the disk full, or in
    /// which packages were removed, replaced or added. The packages that a
    /// killed writer left are noted as its own.
    ///
    /// - Throws: ``ZentooError``, `FileError`, `GitError`.
    func mend(_ directory: borrowing PackageDirectory, _ jobs: BuildJobs) async throws {
        try await removeIrregularIndexes(from: directory.path)
        guard try directory.needsRepair else { return }
        let path = directory.path
        let recorded = try RecordedPaths(repository)
        let removed = try directory.removePartialFiles(
            PoolSurvey(pool: machine.state.pool, isRecorded: recorded.contains))
        for path in removed { report(.note("removed a partial file from the pool: \(path)")) }
        guard try directory.needsRepair else { return }
        try await repair(jobs)
        try setAside(in: path, for: jobs.id)
        try UnrecordedPackages.keep(in: path)
    }

    private func plan(_ goal: MergeGoal, _ jobs: BuildJobs) async throws -> MergePlan {
        let lines = Lines()
        let monitor = BuildMonitor(log: nil, report: { _ in })
        let outcome = try await machine.engine.run(jobs.plan(goal)) { event in
            monitor.hear(event)
            if case .line(_, let bytes) = event { lines.append(bytes) }
        }
        guard outcome.failure == nil else {
            throw ZentooError(
                .unbuildable,
                "Portage cannot resolve \(goal.subject)",
                hints: lines.all.filter { !$0.isEmpty }.suffix(20).map { "Portage: \($0)" })
        }
        return MergePlan(lines.all, emulator: monitor.emulator)
    }

    /// Makes Portage index a PKGDIR.
    ///
    /// - Throws: ``ZentooError``.
    func repair(_ jobs: BuildJobs) async throws {
        let monitor = BuildMonitor(log: nil, report: report)
        let outcome = try await machine.engine.run(jobs.repair, onEvent: monitor.hear)
        guard outcome.failure == nil else {
            throw ZentooError(
                .failed, "repair of the pool failed",
                hints: monitor.lastLines.map { "Portage: \($0)" })
        }
    }
}

extension MergePlan {
    /// Returns the estimated seconds if every package to compile was compiled
    /// before. Returns nil also if there is none, since records do not have the
    /// time that merging takes.
    ///
    /// - Parameter known: seconds by package, `category/name`.
    func estimate(by known: [String: Int]) -> Int? {
        guard built > 0 else { return nil }
        var total = 0
        for entry in entries where entry.source == .build {
            guard let package = CPV(entry.cpv)?.package, let seconds = known[package] else {
                return nil
            }
            total += seconds
        }
        return total
    }

    /// Takes a version as one that is compiled.
    fileprivate mutating func compile(_ cpv: CPV) {
        for index in entries.indices where CPV(entries[index].cpv) == cpv {
            entries[index].source = .build
            entries[index].buildNumber = nil
        }
    }
}
