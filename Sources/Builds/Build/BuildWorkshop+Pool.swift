internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

extension BuildWorkshop {
    /// Cleans up a PKGDIR that a job has written: restores its owner, and
    /// removes everything except packages and Portage's own files.
    ///
    /// - Throws: `FileError`, `EngineError`.
    func tidy(_ directory: borrowing PackageDirectory, after outcome: Outcome) async throws {
        try await machine.privileges.reclaim(directory.path)
        try await removeIrregularIndexes(from: directory.path)
        let strays = try await directory.removeStrays(
            isWhole: outcome.succeeded(in: BuildJobs.mergeStep), by: machine.privileges)
        for stray in strays {
            report(.warning("removed '\(stray)' from the pool: it is no package"))
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
