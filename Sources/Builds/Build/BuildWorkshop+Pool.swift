internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

extension BuildWorkshop {
    /// Creates the PKGDIR of the jobs that carry out a plan. The numbers of
    /// existing packages, and of lost ones that records still name, are not given
    /// again.
    ///
    /// - Parameter directory: the flavour's PKGDIR.
    /// - Throws: `FileError`, `ExecError`, `GitError`.
    func packages(
        of build: BuildID, for plan: MergePlan, of flavour: Flavour,
        from directory: borrowing PackageDirectory
    ) async throws -> JobPackages {
        let versions = plan.compiled
        let present = try PackageDirectory.sizes(in: directory.path).keys.filter { path in
            PoolPath("\(flavour.path)/\(path)").map { versions.contains($0.cpv) } ?? false
        }
        let recorded = try PoolProof(repository, state: machine.state)
            .recordedPaths(of: Array(versions), in: flavour)
        return try await JobPackages(
            at: state.jobPackages(of: build), for: plan, of: flavour, from: directory.path,
            taken: recorded.union(present))
    }

    /// Returns the reader of the packages of a flavour.
    func harvest(of flavour: Flavour) -> Harvest {
        Harvest(machine: machine, flavour: flavour, repository: repository)
    }

    /// Takes the files that a job has written back from it: restores their owner
    /// and permissions.
    ///
    /// - Throws: `EngineError`.
    func reclaim(_ packages: JobPackages, _ output: JobOutput) async throws {
        try await machine.privileges.reclaim(packages.directory)
        try await machine.privileges.reclaim(output.directory)
    }

    /// Warns of packages that a job left and that are not used.
    func report(_ intruders: [JobPackages.Intruder]) {
        for intruder in intruders {
            let text = "'\(intruder.path)' is not kept: \(intruder.reason)"
            remarks.append(text)
            report(.warning(text))
        }
    }

    /// Removes indexes that are not regular files, with a warning.
    func removeIrregularIndexes(from path: FilePath) async throws {
        let removed = try await PackageDirectory.removeIrregularIndexes(
            from: path, by: machine.privileges)
        for name in removed {
            report(.warning("removed '\(path.appending(name))': it was no regular file"))
        }
    }

    /// Quarantines packages in a flavour's PKGDIR that Portage does not index,
    /// and removes index entries of missing files: each build would try to
    /// repair it again.
    func setAside(in path: FilePath, for build: BuildID) throws {
        let survey = PoolSurvey(pool: machine.state.pool, isRecorded: { _ in false })
        let state = try survey.state(of: PackageDirectory.name(of: path))
        try quarantine(
            state.unindexed.map {
                (path: $0, reason: "Portage finds another package in it than its name says")
            }, in: path, for: build)
        try PackageDirectory.hide(Set(state.stale), in: path)
    }

    /// Quarantines packages, given by their paths relative to a PKGDIR, with a
    /// warning.
    func quarantine(
        _ packages: [(path: String, reason: String)], in directory: FilePath, for build: BuildID
    ) throws {
        let part = PackageDirectory.name(of: directory)
        try quarantine(
            packages.compactMap { package in
                PoolPath("\(part)/\(package.path)").map {
                    Quarantine.Unfit(path: $0, reason: package.reason)
                }
            }, from: directory, for: build)
    }

    /// Quarantines packages of a flavour that must not be used, with a warning.
    func quarantine(
        _ packages: [Quarantine.Unfit], of flavour: Flavour, for build: BuildID
    ) throws {
        try quarantine(packages, from: machine.state.packages(of: flavour), for: build)
    }

    private func quarantine(
        _ packages: [Quarantine.Unfit], from directory: FilePath, for build: BuildID
    ) throws {
        guard !packages.isEmpty else { return }
        let said = try Quarantine(pool: machine.state.pool, build: build)
            .take(packages, from: directory)
        for text in said {
            remarks.append(text)
            report(.warning(text))
        }
    }
}
