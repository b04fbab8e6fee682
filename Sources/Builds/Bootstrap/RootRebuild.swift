internal import Engines
internal import Exec
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// Merges again everything that a root contains and the tuple's set needs, each
/// package into the pool of its flavour.
///
/// A flavour includes the compiler and the libc, and both are packages that are
/// merged here. Those that will change are therefore merged first, one at a
/// time, and the flavour is determined again after each. Then everything is
/// merged in the flavour of the root. If the root's flavour has changed at the
/// end nevertheless, it is unknown which packages were compiled before the
/// change and which after it: none of them stays in the pool, and everything is
/// compiled again.
struct RootRebuild {
    let build: BuildID
    let machine: Machine
    let workshop: BuildWorkshop
    let monitor: BuildMonitor
    /// Seconds that packages took in earlier builds, by `category/name`.
    let durations: [String: Int]
    let report: @Sendable (BuildEvent) -> Void
    /// The time that the bootstrap has worked.
    private(set) var stopwatch: Stopwatch
    var jobs: BuildJobs
    /// The current flavour of the root.
    private(set) var flavour: Flavour
    /// The result that is recorded if the bootstrap is killed.
    private let cancelled: BuildResult
    /// The latest plan for merging everything.
    private(set) var plan: MergePlan?
    private var recorded: [PoolPath: RecordedPackage] = [:]

    /// A step that failed, or a package that cannot be merged into a root
    /// again.
    struct Failure: Error {
        var step: StepResult?
        var package: String?
        var lines: [String]?
    }

    /// A replaced compiler takes a second pass at most; a toolchain that
    /// changes with each pass would never end.
    private static let mostPasses = 3
    private static let mostChanges = 8
    /// The maximum length of a chain of compilers and libcs that need each
    /// other first.
    private static let mostDeep = 4

    init(
        build: BuildID, workshop: BuildWorkshop, monitor: BuildMonitor, durations: [String: Int],
        stopwatch: Stopwatch, jobs: BuildJobs, flavour: Flavour, cancelled: BuildResult
    ) {
        self.build = build
        machine = workshop.machine
        self.workshop = workshop
        self.monitor = monitor
        self.durations = durations
        report = workshop.report
        self.stopwatch = stopwatch
        self.jobs = jobs
        self.flavour = flavour
        self.cancelled = cancelled
    }

    /// The packages that the root consists of, and those made on the way.
    var packages: [RecordedPackage] { Array(recorded.values) }

    /// Marks the packages made as recorded.
    func recordedAll() throws {
        let flavours = Dictionary(grouping: recorded.keys) {
            FilePath($0.chost).appending($0.flavour)
        }
        for (flavour, paths) in flavours {
            try UnrecordedPackages.forget(
                build, recorded: paths.map(\.pathInFlavour),
                in: machine.state.pool.pushing(flavour))
        }
    }

    /// Rebuilds the root.
    ///
    /// - Throws: ``Failure``; ``ZentooError`` and others if it cannot continue.
    ///   The packages made so far are in the pool and in ``packages``.
    mutating func perform() async throws {
        let everything = MergeGoal.everything(with: jobs.tuple.packages.text)
        for _ in 0..<Self.mostPasses {
            let plan = try await settleToolchain(everything)
            self.plan = plan
            let start = flavour.path
            try await merge(everything, plan)
            if flavour.path == start { try await clean() }
            if flavour.path == start { return }
        }
        throw endless
    }

    private var endless: ZentooError {
        ZentooError(
            .failed, "the compiler or the libc changes each time everything is compiled",
            hints: [
                "let the set name the compiler it wants, or mask the other one, on the tuple's "
                    + "portage branch"
            ])
    }

    /// Merges compilers and libcs that will change, until the plan contains
    /// none.
    private mutating func settleToolchain(_ goal: MergeGoal) async throws -> MergePlan {
        for _ in 0..<Self.mostChanges {
            let plan = try await plan(goal)
            guard let change = Toolchain.change(in: plan.entries) else { return plan }
            try await settle(change.cpv)
        }
        throw endless
    }

    /// Merges a compiler or libc such that nothing is compiled after it in the
    /// previous flavour, and removes the old version if nothing needs it: while
    /// that is installed, it may remain the one in use.
    private mutating func settle(_ cpv: String, depth: Int = 0) async throws {
        let plan = try await plan(.version(cpv))
        let others = plan.entries.filter { $0.cpv != cpv }
        if depth < Self.mostDeep, let other = Toolchain.change(in: others) {
            return try await settle(other.cpv, depth: depth + 1)
        }
        if !others.isEmpty { try await merge(.needs(of: cpv), plan) }
        try await merge(.only(cpv), plan)
        try await clean(CPV(cpv)?.package)
    }

    /// Asks Portage for its plan, given the packages of the current flavour.
    private mutating func plan(_ goal: MergeGoal) async throws -> MergePlan {
        let directory = try await lock()
        jobs.view.binpkgs = directory.path
        jobs.emerge = Emerge(comparesPatches: flavour.comparesPatches)
        try await workshop.mend(directory, jobs)
        let plan = try await workshop.plan(goal, &jobs, in: flavour)
        monitor.note(workshop.remarks)
        return plan
    }

    private mutating func lock() async throws -> PackageDirectory {
        let (flavour, pool, report) = (flavour, machine.state.pool, report)
        return try await stopwatch.pausing {
            try await PackageDirectory.lock(flavour, in: pool) {
                report(.waiting("another build of flavour \(flavour.path)"))
            }
        }
    }

    private mutating func merge(_ goal: MergeGoal, _ plan: MergePlan) async throws {
        report(.planned(plan, estimate: plan.estimate(by: durations)))
        let directory = try await lock()
        jobs.view.binpkgs = directory.path
        // A build that held the lock in between may have been killed.
        try await workshop.mend(directory, jobs)
        let packages = try await workshop.packages(
            of: build, for: plan, of: flavour, from: directory)
        jobs.view.binpkgs = packages.directory
        var cancelled = cancelled
        (cancelled.flavour, cancelled.chost) = (flavour.id, flavour.chost)
        try directory.beginWriting(build, as: cancelled, expecting: packages.expected)
        let outcome = try await machine.engine.run(
            jobs.rebuilding(goal, fetches: plan.fetches), onEvent: monitor.hear)
        let output = JobOutput(directory: jobs.view.out)
        try await workshop.reclaim(packages, output)
        let now = try await flavour(after: outcome)
        var failure: Failure?
        // A single package is compiled before it is in the root.
        if goal.isOnlyOne || now?.path == flavour.path {
            let isWhole = outcome.failure == nil
            let harvest = workshop.harvest(of: flavour)
            var found = try await harvest.made(
                from: output, of: packages, durations: monitor.durations, isWhole: isWhole,
                into: directory)
            found.add(
                try await harvest.present(
                    PortageScripts.harvestedPackages, of: output, known: recorded,
                    besides: Set(found.packages.map(\.path))))
            failure = try take(found, isWhole: isWhole, isWhole && goal.isEverything ? plan : nil)
        } else {
            try warnOfDoubtful(packages)
        }
        try await machine.privileges.removeTree(packages.directory)
        try directory.endWriting()
        if let step = outcome.failure { throw Failure(step: step) }
        if let failure { throw failure }
        if let now { turn(to: now) }
    }

    /// Takes the result of a harvest as the contents of the root.
    ///
    /// - Parameters:
    ///   - isWhole: whether every step of the job succeeded.
    ///   - plan: the content of the root, if all of it was merged.
    /// - Returns: the failure that merged packages have caused; nil if there is
    ///   none.
    private mutating func take(
        _ harvested: Harvest.Result, isWhole: Bool = true, _ plan: MergePlan? = nil
    ) throws -> Failure? {
        var found = harvested
        if let plan { found.addMissing(of: plan) }
        // Packages of earlier harvests that this one did not find stay recorded
        // only if they were made.
        recorded = recorded.filter { $0.value.disposition == .made }
        for package in found.packages { recorded[package.path] = package }
        try workshop.quarantine(found.unfit, of: flavour, for: build)
        workshop.report(found.intruders)
        monitor.note(workshop.remarks)
        for problem in found.problems {
            monitor.warn("\(problem)")
            if let path = problem.path { recorded[path] = nil }
        }
        guard isWhole, let first = found.problems.first(where: \.isMerged) else { return nil }
        return Failure(
            package: first.isLasting ? first.cpv : nil, lines: found.problems.map(\.description))
    }

    /// Warns of packages that are not taken into the pool because they may be of
    /// another flavour.
    private func warnOfDoubtful(_ packages: JobPackages) throws {
        let count = try packages.new().made.count
        if count == 0 { return }
        report(
            .warning(
                "\(count) packages were compiled while the compiler or libc changed: "
                    + "they are not kept"))
    }

    private mutating func clean(_ package: String? = nil) async throws {
        let directory = machine.state.packages(of: flavour)
        try Directory.create(directory)
        jobs.view.binpkgs = directory
        let outcome = try await machine.engine.run(
            jobs.cleaning(package), onEvent: monitor.hear)
        if package == nil {
            let found = try await workshop.harvest(of: flavour).present(
                PortageScripts.harvestedPackages, of: JobOutput(directory: jobs.view.out),
                known: recorded)
            if let failure = try take(found) { throw failure }
        }
        if let step = outcome.failure { throw Failure(step: step) }
        if let now = try await flavour(after: outcome) { turn(to: now) }
    }

    /// Returns the root's flavour after a job; nil if the job could not
    /// determine it.
    private func flavour(after outcome: Outcome) async throws -> Flavour? {
        guard outcome.steps.last?.name == jobs.flavourStep.name,
            outcome.steps.last?.status.isSuccess == true,
            let bytes = try JobOutput(directory: jobs.view.out).read("flavour")
        else { return nil }
        return try Flavour(reading: bytes)
    }

    private mutating func turn(to now: Flavour) {
        guard now.path != flavour.path else { return }
        let changes = now.differences(from: flavour).map {
            "\($0.input) was \($0.theirs ?? "none"), is \($0.ours ?? "none")"
        }
        report(
            .warning(
                "what follows is compiled in flavour \(now.path): "
                    + changes.joined(separator: "; ")))
        flavour = now
    }
}
