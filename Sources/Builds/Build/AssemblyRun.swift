internal import Engines
internal import Exec
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// The assembly of one root from one record.
struct AssemblyRun {
    let machine: Machine
    let site: Site
    let repository: Repository
    let commit: TupleCommit
    let packages: [RecordedPackage]
    let report: @Sendable (BuildEvent) -> Void

    /// - Returns: the duration in seconds and the number of packages merged.
    func perform(at directory: FilePath) async throws -> (seconds: Int, merged: Int) {
        let build = BuildID.make()
        let stopwatch = Stopwatch()
        return try await BuildLife.during(build, in: machine.state) {
            let results = try machine.state.createResults(of: build)
            let place = try beside(directory)
            let places = UnfinishedPlaces(build: build, machine: machine)
            let merged: Int
            do {
                try places.add(place)
                merged = try await make(build, in: place, results: results)
                try Directory.move(place, to: directory)
                try await machine.privileges.removeTree(results)
            } catch {
                try? await places.clear()
                try? await machine.privileges.removeTree(results)
                throw error
            }
            try await places.clear()
            return (stopwatch.seconds, merged)
        }
    }

    /// Creates a directory on the file system of `directory`, for the rename.
    private func beside(_ directory: FilePath) throws -> FilePath {
        let parent = directory.removingLastComponent()
        let name = directory.lastComponent?.string ?? "root"
        try Directory.create(parent)
        return try Directory.createTemporary(prefix: parent.appending(".\(name)-"))
    }

    /// - Returns: the number of packages merged.
    private func make(
        _ build: BuildID, in place: FilePath, results: FilePath
    ) async throws -> Int {
        report(.began(build))
        let workshop = BuildWorkshop(
            machine: machine, site: site, commit: commit, repository: repository, report: report)
        var jobs = try await workshop.jobs(of: build)
        let view = try await PackageView(
            of: packages, pool: machine.state.pool, at: results.appending("binpkgs"))
        jobs.view.binpkgs = view.directory
        report(.preparing("a copy of stage '\(commit.stage.name)'"))
        try await machine.privileges.wrap(
            Invocation(
                "cp",
                ["--archive", "--reflink=auto", "--", jobs.stage.tree.string + "/.", place.string])
        ).run().orThrow()
        if !view.isIndexed { try await run(jobs.repair) }
        try await run(jobs.assemble(at: place))
        try await finish(place)
        return try mergedCount(in: JobOutput(directory: jobs.view.out))
    }

    private func mergedCount(in output: JobOutput) throws -> Int {
        guard let bytes = try output.read("merged") else { return 0 }
        return Int(String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }) ?? 0
    }

    private func run(_ job: Job) async throws {
        let monitor = BuildMonitor(log: nil, report: report)
        let outcome = try await machine.engine.run(job, onEvent: monitor.hear)
        guard let failure = outcome.failure else { return }
        throw ZentooError(
            .failed,
            "the record's packages cannot make the root: step '\(failure.name)' failed",
            hints: monitor.lastLines.filter { !$0.isEmpty }.suffix(15).map { "said: \($0)" })
    }

    /// Removes what only the job needed, and exports the tuple's /etc/portage
    /// to the root, without the settings that apply to builders alone.
    private func finish(_ place: FilePath) async throws {
        try await machine.privileges.removeTree(place.appending("run/zentoo"))
        let portage = place.appending("etc/portage")
        try await machine.privileges.removeTree(portage)
        try repository.export(tree: try commit.ownPortageTree(in: repository), to: portage)
    }
}
