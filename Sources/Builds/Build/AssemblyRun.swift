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

    /// What was done.
    struct Result {
        /// The duration in seconds.
        var seconds = 0
        /// The number of packages merged.
        var merged = 0
        /// How they were merged.
        var merge: MergeSummary?
    }

    /// Assembles the root at a directory that does not exist or is empty.
    func perform(at directory: FilePath) async throws -> Result {
        let build = BuildID.make()
        let stopwatch = Stopwatch()
        return try await BuildLife.during(build, in: machine.state) {
            let results = try machine.state.createResults(of: build)
            let place = try beside(directory)
            let places = UnfinishedPlaces(build: build, machine: machine)
            var result: Result
            do {
                try places.add(place)
                result = try await make(build, in: place, results: results)
                try Directory.move(place, to: directory)
                try await machine.privileges.removeTree(results)
            } catch {
                try? await places.clear()
                try? await machine.privileges.removeTree(results)
                throw error
            }
            try await places.clear()
            result.seconds = stopwatch.seconds
            return result
        }
    }

    /// Creates a directory on the file system of `directory`, for the rename.
    private func beside(_ directory: FilePath) throws -> FilePath {
        let parent = directory.removingLastComponent()
        let name = directory.lastComponent?.string ?? "root"
        try Directory.create(parent)
        return try Directory.createTemporary(prefix: parent.appending(".\(name)-"))
    }

    private func make(
        _ build: BuildID, in place: FilePath, results: FilePath
    ) async throws -> Result {
        report(.began(build))
        let workshop = BuildWorkshop(
            machine: machine, site: site, commit: commit, repository: repository, report: report)
        var jobs = try await workshop.jobs(of: build)
        let view = try await PackageView(
            of: packages, pool: machine.state.pool, at: results.appending("binpkgs"))
        jobs.view.binpkgs = view.directory
        try await copyStage(jobs.stage, to: place)
        if !view.isIndexed { try await run(jobs.repair) }
        let merge: MergeSummary?
        do {
            merge = try await run(jobs.assemble(at: place))
        } catch let broken as BrokenMerge {
            report(.warning("merge.py failed, and emerge begins again: \(broken.reason)"))
            try await empty(place)
            try await copyStage(jobs.stage, to: place)
            merge = try await run(jobs.assemble(at: place, isNative: false)) ?? broken.summary
        }
        try await finish(place)
        let output = JobOutput(directory: jobs.view.out)
        return Result(merged: try mergedCount(in: output), merge: merge)
    }

    private func copyStage(_ stage: StageImage, to place: FilePath) async throws {
        report(.preparing("a copy of stage '\(commit.stage.name)'"))
        try await machine.privileges.wrap(
            Invocation(
                "cp",
                ["--archive", "--reflink=auto", "--", stage.tree.string + "/.", place.string])
        ).run().orThrow()
    }

    /// Removes what a broken merge left in a root.
    private func empty(_ place: FilePath) async throws {
        try await machine.privileges.removeTree(place)
        try Directory.create(place, mode: 0o700)
    }

    private func mergedCount(in output: JobOutput) throws -> Int {
        guard let bytes = try output.read("merged") else { return 0 }
        return Int(String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }) ?? 0
    }

    /// A merge that failed through a fault of `merge.py`, not of a package.
    private struct BrokenMerge: Error {
        let summary: MergeSummary
        var reason: String { summary.reason ?? "it gave no reason" }
    }

    /// - Throws: ``BrokenMerge``; ``ZentooError`` if a step fails otherwise.
    @discardableResult
    private func run(_ job: Job) async throws -> MergeSummary? {
        let monitor = BuildMonitor(log: nil, report: report)
        let outcome = try await machine.engine.run(job, onEvent: monitor.hear)
        guard let failure = outcome.failure else { return monitor.merge }
        if let merge = monitor.merge, merge.route == .broken,
            failure.status == .exited(MergeSummary.brokenStatus)
        {
            throw BrokenMerge(summary: merge)
        }
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
