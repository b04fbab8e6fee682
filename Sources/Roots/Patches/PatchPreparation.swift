internal import Builds
internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// One preparation of a source, from the ebuild to the directory.
struct PatchPreparation {
    let id: BuildID
    let package: PatchPackage
    let edited: PatchName?
    let place: PatchPlace
    let workplace: RootWorkplace

    private var machine: Machine { workplace.machine }

    func perform() async throws -> PreparedSource {
        try workplace.prepareTree()
        let composed = try workplace.composed(RootSettings(of: place.root))
        let workshop = workplace.workshop(of: composed)
        var jobs = PatchJobs(build: try await workshop.jobs(of: id))
        let output = JobOutput(directory: jobs.build.view.out)

        let chosen = try await choose(jobs, output)
        let present = try UserPatches(
            of: chosen.cpv, slot: chosen.slot, in: composed.portageTree, workplace.repository)
        var record = PatchRecord(
            cpv: chosen.cpv, slot: chosen.slot, repository: chosen.repository)
        record.edited = try edited.map { try file(of: $0, among: present, chosen) }
        record.over = present.entries
            .prefix { record.edited.map(Optional.some) != $0.name }
            .map { PatchRecord.Under(name: $0.name, id: $0.id) }

        var configuration = PatchConfiguration(composed.portageTree, in: workplace.repository)
        try configuration.addHandingOut()
        jobs.build.view.portage = try TreeCache(machine.state, workplace.repository)
            .path(of: configuration.tree)
        let prepared = try await prepare(chosen, record, jobs, output) {
            // Computed only on demand: most sources can be prepared without it.
            let flavour = try await workshop.flavour(workshop.jobs(of: id))
            return (
                flavour.comparesPatches,
                SessionPackages(of: flavour, for: jobs.build, in: place.root)
            )
        }
        let leftOut = try await install(output, record)
        return PreparedSource(
            work: try PatchSurvey(state: machine.state).work(at: place),
            isRejected: prepared.contains("rejected"),
            leftOut: leftOut)
    }

    // MARK: In the root

    private func choose(_ jobs: PatchJobs, _ output: JobOutput) async throws -> ChosenEbuild {
        let report = workplace.report
        let monitor = BuildMonitor(log: nil) { event in
            // Nothing is compiled in this job, so the missing sandbox does not
            // matter.
            if case .unsandboxed = event { return }
            report(event)
        }
        let outcome = try await machine.engine.run(jobs.choose(package), onEvent: monitor.hear)
        let bytes = try output.read("chosen")
        let chosen = try bytes.map { try ChosenEbuild($0) }
        guard outcome.failure == nil, let chosen else {
            throw ZentooError(
                .failed,
                chosen.map { "cannot fetch the sources of '\($0.cpv)'" }
                    ?? "Portage cannot choose a version of '\(package.package)'",
                hints: monitor.lastLines.suffix(10).map { "Portage: \($0)" })
        }
        return chosen
    }

    /// - Parameter packages: called when the source cannot be prepared in the
    ///   bare stage.
    /// - Returns: the content of the job's `prepared` file.
    private func prepare(
        _ chosen: ChosenEbuild, _ record: PatchRecord, _ jobs: PatchJobs, _ output: JobOutput,
        packages: () async throws -> (comparesPatches: Bool, packages: SessionPackages)
    ) async throws -> String {
        let log = try BuildLog.create(for: id, in: machine.state)
        let monitor = BuildMonitor(
            log: log.descriptor, endsAtFailure: true, report: workplace.report)
        do {
            var said = try await run(
                jobs.prepare(chosen, edited: record.edited, after: nil), monitor)
            let applying = try output.read("applying")
            if said == nil, applying == nil {
                workplace.report(.note("it needs packages to be prepared; they are merged first"))
                var jobs = jobs
                let (comparesPatches, packages) = try await packages()
                jobs.build.emerge = Emerge(comparesPatches: comparesPatches)
                try packages.prepare()
                said = try await run(
                    jobs.prepare(chosen, edited: record.edited, after: packages), monitor)
            }
            let name = try await log.close()
            guard let said else {
                throw failure(
                    chosen, applying: try output.read("applying"), monitor,
                    log: machine.state.logs.appending(name))
            }
            try FileContent.remove(machine.state.logs.appending(name))
            return said
        } catch let error as ZentooError {
            throw error
        } catch {
            _ = try? await log.close()
            throw error
        }

        func run(_ job: Job, _ monitor: BuildMonitor) async throws -> String? {
            _ = try await machine.engine.run(job, onEvent: monitor.hear)
            return try output.read("prepared").map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func failure(
        _ chosen: ChosenEbuild, applying: [UInt8]?, _ monitor: BuildMonitor, log: FilePath
    ) -> ZentooError {
        let said = monitor.lastLines.suffix(10).map { "said: \($0)" }
        guard let applying else {
            return ZentooError(
                .failed, "'\(chosen.cpv)' cannot be prepared",
                hints: said + ["the whole log: zstdless \(log)"])
        }
        let name = String(decoding: applying, as: UTF8.self)
        let stem =
            name.hasSuffix(PatchName.suffix) ? name.dropLast(PatchName.suffix.count) : name[...]
        return ZentooError(
            .failed, "user patch '\(name)' does not apply to '\(chosen.cpv)'",
            hints: said + [
                "the whole log: zstdless \(log)",
                "mend it: 'git zentoo patch prep \(place.root.name) \(package.atom) --edit \(stem)'",
            ])
    }

    private func file(
        of name: PatchName, among present: UserPatches, _ chosen: ChosenEbuild
    ) throws -> String {
        let files = [name.file, "\(name).diff"]
        if let found = present.entries.first(where: { files.contains($0.name) }) {
            return found.name
        }
        throw ZentooError(
            .notFound, "'\(chosen.cpv)' has no user patch '\(name)' in root '\(place.root.name)'",
            hints: [
                present.entries.isEmpty
                    ? "it has none at all"
                    : "it has: \(present.entries.map(\.name).joined(separator: ", "))"
            ])
    }

    // MARK: On this machine

    /// Creates the source from the job's output and moves it into place.
    ///
    /// - Returns: the paths that were left out.
    private func install(_ output: JobOutput, _ record: PatchRecord) async throws -> [String] {
        let category = place.directory.removingLastComponent()
        try Directory.create(category)
        // No package name begins with a dot.
        let beside = "." + (place.directory.lastComponent?.string ?? "")
        for name in try Directory.names(in: category) where name.string.hasPrefix(beside + ".") {
            try await machine.privileges.removeTree(category.appending(name))
        }
        let new = PatchPlace(
            root: place.root, package: place.package, directory: category.appending(beside + ".new")
        )
        var leftOut: [String] = []
        do {
            try await PatchSource(place: new).make(
                message: message(record), by: machine.identity, with: machine.git
            ) { repository in
                let source = try repository.importDirectory(output.directory.appending("source"))
                guard source.tree != .emptyTree else {
                    throw ZentooError(
                        .unsupported, "'\(record.cpv)' has no source to be patched",
                        hints: ["it unpacks nothing; what it installs is its ebuild's own"])
                }
                leftOut = PatchSource.losses(source.report)
                guard record.edited != nil else { return (source.tree, source.tree) }
                let base = output.directory.appending("base")
                guard try FileStatus.of(base) != nil else {
                    throw ZentooError(
                        .failed, "'\(record.edited ?? "")' is never applied to '\(record.cpv)'")
                }
                return (try repository.importDirectory(base).tree, source.tree)
            }
            try record.write(to: new)
        } catch {
            try? await machine.privileges.removeTree(new.directory)
            throw error
        }
        let old = category.appending(beside + ".old")
        if try FileStatus.of(place.directory) != nil {
            try Directory.move(place.directory, to: old)
        }
        try Directory.move(new.directory, to: place.directory)
        try await machine.privileges.removeTree(old)
        return leftOut
    }

    private func message(_ record: PatchRecord) -> String {
        record.over.isEmpty
            ? "\(record.cpv)"
            : "\(record.cpv)\n\nWith \(record.over.map(\.name).joined(separator: ", ")).\n"
    }
}
