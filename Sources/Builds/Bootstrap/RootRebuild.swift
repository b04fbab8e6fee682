internal import Engines
internal import Exec
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// Merges anew all that a root has and the tuple's set needs, each package into
/// the pool of the flavour that it is of.
///
/// A flavour holds the compiler and the libc, and both are packages that are
/// merged here. So those that will be others come first, one at a time, and the
/// flavour is asked for again after each. Then all is merged in the flavour that
/// the root is of; should it be of another all the same when that is done, it is
/// not known what was compiled before the change and what after it: none of it
/// stays in the pool, and everything is compiled once more.
struct RootRebuild {
    let build: BuildID
    let machine: Machine
    let workshop: BuildWorkshop
    let monitor: BuildMonitor
    /// Seconds that packages took before, by `category/name`.
    let durations: [String: Int]
    let report: @Sendable (BuildEvent) -> Void
    /// How long the bootstrap has worked.
    private(set) var stopwatch: Stopwatch
    var jobs: BuildJobs
    /// What the root is of now.
    private(set) var flavour: Flavour
    /// What is recorded of a bootstrap that is killed.
    private let cancelled: BuildResult
    /// What everything was merged from, as last planned.
    private(set) var plan: MergePlan?
    private var recorded: [PoolPath: RecordedPackage] = [:]

    /// A step that failed, or a package that can make no root again.
    struct Failure: Error {
        var step: StepResult?
        var package: String?
        var lines: [String]?
    }

    /// A compiler that is replaced takes a second pass at most; what changes with
    /// each pass never ends.
    private static let mostPasses = 3
    private static let mostChanges = 8
    /// How long a chain of compilers and libcs may be that need each other first.
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

    /// What the root consists of, and what was made on the way there.
    var packages: [RecordedPackage] { Array(recorded.values) }

    /// Says that what was made is recorded.
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

    /// Does it.
    ///
    /// - Throws: ``Failure``; ``ZentooError`` and others when it cannot go on.
    ///   What was made until then is in the pool, and in ``packages``.
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

    /// Merges compilers and libcs that will be others, until the plan has none.
    private mutating func settleToolchain(_ goal: MergeGoal) async throws -> MergePlan {
        for _ in 0..<Self.mostChanges {
            let plan = try await plan(goal)
            guard let change = Toolchain.change(in: plan.entries) else { return plan }
            try await settle(change.cpv)
        }
        throw endless
    }

    /// Merges a compiler or libc in such a way that nothing is compiled behind it
    /// in the flavour that was, and lets go of the one before where nothing needs
    /// it: as long as that is there, it may stay the one that is used.
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

    /// Asks Portage for its plan, by the packages of the flavour that is.
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
        // Whoever held the lock in between may have died.
        try await workshop.mend(directory, jobs)
        let watch = try PackageWatch(directory.path, of: flavour, before: plan)
        var cancelled = cancelled
        (cancelled.flavour, cancelled.chost) = (flavour.id, flavour.chost)
        try directory.beginWriting(build, as: cancelled, expecting: watch.expected)
        let reserved = try workshop.reserve(for: plan, in: flavour)
        let outcome: Outcome
        do {
            defer { reserved.release() }
            outcome = try await machine.engine.run(
                jobs.rebuilding(goal, fetches: plan.fetches), onEvent: monitor.hear)
        }
        try await workshop.tidy(directory, after: outcome)
        try await machine.privileges.reclaim(jobs.view.out)
        let now = try await flavour(after: outcome)
        var failure: Failure?
        // A package alone is compiled before it is in the root.
        if goal.isOnlyOne || now?.path == flavour.path {
            let isWhole = outcome.failure == nil
            let planned = isWhole && goal.isEverything ? plan : nil
            failure = try await harvest(watch, isWhole: isWhole, planned)
        } else {
            try withdraw(except: watch.present, from: directory.path)
        }
        try directory.endWriting()
        if let step = outcome.failure { throw Failure(step: step) }
        if let failure { throw failure }
        if let now { turn(to: now) }
    }

    /// - Parameters:
    ///   - watch: of PKGDIR, begun before something was merged.
    ///   - plan: what is in the root, when all of it is.
    /// - Returns: what is wrong with packages that were merged.
    private mutating func harvest(
        _ watch: PackageWatch, isWhole: Bool = true, _ plan: MergePlan? = nil
    ) async throws -> Failure? {
        var found = try await Harvest(
            machine: machine, flavour: flavour, repository: workshop.repository
        ).packages(
            from: JobOutput(directory: jobs.view.out), durations: monitor.durations,
            watch: watch, known: recorded, isWhole: isWhole)
        if let plan { found.addMissing(of: plan) }
        // Of what was there before, and is no longer, only what was made is news.
        recorded = recorded.filter { $0.value.disposition == .made }
        for package in found.packages { recorded[package.path] = package }
        try workshop.quarantine(found.unfit, of: flavour, for: build)
        monitor.note(workshop.remarks)
        for problem in found.problems {
            monitor.warn("\(problem)")
            if let path = problem.path { recorded[path] = nil }
        }
        guard isWhole, let first = found.problems.first(where: \.isMerged) else { return nil }
        return Failure(
            package: first.isLasting ? first.cpv : nil, lines: found.problems.map(\.description))
    }

    /// Takes out of the pool what may be of another flavour.
    private func withdraw(except present: Set<String>, from directory: FilePath) throws {
        let doubtful = try PackageDirectory.sizes(in: directory).keys
            .filter { !present.contains($0) }
        if doubtful.isEmpty { return }
        try PackageDirectory.remove(Set(doubtful), from: directory)
        report(
            .warning(
                "\(doubtful.count) packages were compiled while the compiler or libc changed: "
                    + "they are not kept"))
    }

    private mutating func clean(_ package: String? = nil) async throws {
        let outcome = try await machine.engine.run(
            jobs.cleaning(package), onEvent: monitor.hear)
        if package == nil {
            let directory = machine.state.packages(of: flavour)
            let watch = try PackageWatch(directory, of: flavour, before: nil)
            if let failure = try await harvest(watch) { throw failure }
        }
        if let step = outcome.failure { throw Failure(step: step) }
        if let now = try await flavour(after: outcome) { turn(to: now) }
    }

    /// What the root is of when a job has ended; nil when the job could not tell.
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
