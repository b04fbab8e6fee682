internal import Engines

extension BuildWorkshop {
    /// What Portage would do, and which of the packages it would reuse were
    /// edited without a revision bump; where the site wants such compiled again,
    /// the jobs and the plan say so.
    ///
    /// - Parameter findsEdited: whether to look for them in any case.
    /// - Throws: ``ZentooError`` with Portage's own words when it cannot resolve
    ///   what is asked.
    func plan(
        _ goal: MergeGoal, _ jobs: inout BuildJobs, in flavour: Flavour, findsEdited: Bool = false
    ) async throws -> (plan: MergePlan, edited: [String]) {
        let plan = try await plan(goal, jobs)
        let compilesEdited = site.tuplesFile.options(of: commit.tuple).rebuild == .anyChange
        guard compilesEdited || findsEdited else { return (plan, []) }
        let edited = try await EditedEbuilds(repository: repository, machine: machine)
            .packages(of: plan, flavour: flavour, jobs: jobs)
        guard compilesEdited, !edited.isEmpty else { return (plan, edited) }
        jobs.emerge.compiled = edited
        return (try await self.plan(goal, jobs), edited)
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

    /// Makes a PKGDIR whole whose writer was killed, or found the disk full, and
    /// one whose index does not say what is there.
    ///
    /// - Throws: ``ZentooError``, `FileError`, `GitError`.
    func mend(_ directory: borrowing PackageDirectory, _ jobs: BuildJobs) async throws {
        guard try directory.needsRepair else { return }
        let recorded = try RecordedPaths(repository)
        let removed = try directory.removePartialFiles(
            PoolSurvey(pool: machine.state.pool, isRecorded: recorded.contains))
        for path in removed { report(.note("removed a partial file from the pool: \(path)")) }
        guard try directory.needsRepair else { return }
        try await repair(jobs)
    }

    /// Has Portage index a PKGDIR.
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
    /// Seconds, where every package to compile was compiled before; nil too
    /// when there is none, since what merging takes is not in the records.
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
}
