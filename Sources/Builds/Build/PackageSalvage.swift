internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// Takes the packages that a build has compiled, and that it could not take into
/// the pool itself, from the PKGDIR of its jobs into the pool.
///
/// The flavour and the versions are those of the writer's note beside the
/// flavour's PKGDIR; no process of the build may be left.
struct PackageSalvage: Sendable {
    let machine: Machine

    /// Salvages the packages of a build.
    ///
    /// - Returns: false if another build writes to the flavour's PKGDIR, so that
    ///   it must be tried again later.
    /// - Throws: `FileError`, `ExecError`, `EngineError`.
    func run(_ build: BuildID) async throws -> Bool {
        let state = machine.state
        let places = try Directory.names(in: state.results(of: build))
            .filter { isPackageDirectory($0.string, of: build) }
            .map { state.results(of: build).appending($0) }
        if places.isEmpty { return true }
        let survey = PoolSurvey(pool: state.pool, isRecorded: { _ in true })
        for name in try survey.directories() {
            guard try note(of: build, in: name) != nil else { continue }
            guard let directory = try PackageDirectory.tryLock(name, in: state.pool) else {
                return false
            }
            // The holder of the lock may have ended the writing of the build.
            guard let note = try note(of: build, in: name) else { continue }
            try await salvage(places, into: directory, as: note)
        }
        return true
    }

    /// Salvages the packages of a build and removes the results of its jobs, also
    /// if the task is cancelled. What cannot be salvaged now stays for
    /// ``Recovery``.
    func finish(_ build: BuildID) async {
        let machine = machine
        // A task of its own, awaited at once, shields from cancellation.
        _ = await Task {
            guard try await PackageSalvage(machine: machine).run(build) else { return }
            try await machine.privileges.removeTree(machine.state.results(of: build))
        }.result
    }

    /// A container writes to a copy beside the directory, which is published
    /// when its job ends.
    private func isPackageDirectory(_ name: String, of build: BuildID) -> Bool {
        let own = machine.state.jobPackages(of: build).lastComponent?.string ?? ""
        return name == own || name.hasPrefix(".\(own).")
    }

    private func note(of build: BuildID, in name: String) throws -> WriterNote? {
        let marker = PackageDirectory.marker(of: machine.state.pool.pushing(FilePath(name)))
        guard let note = try FileContent.read(marker).flatMap({ WriterNote($0) }),
            note.build == build, note.result != nil
        else { return nil }
        return note
    }

    private func salvage(
        _ places: [FilePath], into directory: borrowing PackageDirectory, as note: WriterNote
    ) async throws {
        guard let chost = note.result?.chost, let id = note.result?.flavour else { return }
        for place in places {
            guard try FileStatus.of(place)?.kind == .directory else { continue }
            try await machine.privileges.reclaim(place)
            let packages = JobPackages(
                leftAt: place, chost: chost, flavour: id, expecting: note.expected)
            _ = try await directory.add(packages.new().made, from: place)
        }
        try directory.endWriting()
    }
}
