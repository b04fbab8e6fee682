internal import Engines
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
            let results = machine.state.results(of: build)
            let place = try beside(directory)
            let places = UnfinishedPlaces(build: build, machine: machine)
            var result: Result
            do {
                try places.add(place)
                result = try await make(build, in: place)
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

    private func make(_ build: BuildID, in place: FilePath) async throws -> Result {
        report(.began(build))
        let workshop = BuildWorkshop(
            machine: machine, site: site, commit: commit, repository: repository, report: report)
        let jobs = try await workshop.jobs(of: build)
        let assembly = try await RootAssembly(of: packages, machine: machine, jobs: jobs)
        try await copyStage(jobs.stage, to: place)
        let run = try await assembly.run(in: .directory(place, of: jobs.stage)) {
            BuildMonitor(log: nil, report: report)
        } renew: {
            try await empty(place)
            try await copyStage(jobs.stage, to: place)
        }
        if let failure = run.outcome.failure {
            throw ZentooError(
                .failed,
                "the record's packages cannot make the root: step '\(failure.name)' failed",
                hints: run.monitor.lastLines.filter { !$0.isEmpty }.suffix(15)
                    .map { "said: \($0)" })
        }
        try await finish(place)
        return Result(merged: try assembly.mergedCount(), merge: run.merge)
    }

    private func copyStage(_ stage: StageImage, to place: FilePath) async throws {
        report(.preparing("a copy of stage '\(commit.stage.name)'"))
        try await stage.copy(into: place, by: machine.privileges)
    }

    /// Removes what a broken merge left in a root.
    private func empty(_ place: FilePath) async throws {
        try await machine.privileges.removeTree(place)
        try Directory.create(place, mode: 0o700)
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
