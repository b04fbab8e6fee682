package import Builds
internal import Engines
internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// Builds what is queued, several tuples at once, until it is told to stop.
///
/// A worker that is cancelled gives back what it has not finished: what was
/// compiled is in the pool, so the next one goes on where it stopped. One that
/// is killed leaves its claims without locks, which any worker of the machine
/// frees.
package struct Worker: Sendable {
    /// How it works.
    package struct Options: Sendable, Hashable {
        /// How many tuples are built at once.
        package var jobs = 1
        /// Whether it ends when nothing waits any more.
        package var endsWhenIdle = false
        /// Whether a build is stopped when a newer commit of its tuple waits
        /// (`zentoo.superseded`); else it is finished first.
        package var stopsSuperseded = false

        /// The usual ones.
        package init() {}
    }

    let machine: Machine
    let sites: [ZentooName]
    let options: Options
    let report: @Sendable (WorkerEvent) async -> Void

    /// A worker on `machine`.
    ///
    /// - Parameter report: told what happens, one event after the other for
    ///   each entry.
    package init(
        machine: Machine, sites: [ZentooName], options: Options,
        report: @escaping @Sendable (WorkerEvent) async -> Void
    ) {
        self.machine = machine
        self.sites = sites
        self.options = options
        self.report = report
    }

    /// What a part of the worker reports to the whole.
    private enum Message: Sendable {
        case bell
        case ended(key: String, WorkerEnding?)
        case obstructed(key: String)
        case maintained
    }

    /// Works.
    ///
    /// - Returns: whether everything it built was built, and of one that ends when
    ///   it is idle, whether nothing waits any more.
    /// - Throws: `CancellationError` when it was told to stop; an error of the
    ///   engine when nothing can be built here at all.
    @discardableResult
    package func run() async throws -> Bool {
        try await machine.engine.check()
        try Directory.create(machine.state.locks)
        // Held by one of the workers here, so that a pusher who waits can be
        // told when there is none.
        let presence = try await Self.takePresence(in: machine.state)
        defer { _ = presence }
        try await AbandonedLocks(repository: try Repository.open(machine.repository))
            .removeOfQueue()
        let watch = QueueWatch(QueueDoor(try Repository.open(machine.repository)))
        var round = WorkerRound(machine: machine, sites: sites, options: options)
        var isClean = true
        var isMaintaining = false
        try await withThrowingTaskGroup(of: Message.self) { group in
            group.addTask { await Self.next(watch) }
            try await start(&round, in: &group)
            while options.endsWhenIdle ? round.isBusy : true {
                guard let message = try await group.next() else { break }
                switch message {
                case .bell:
                    try Task.checkCancellation()
                    round.tried.removeAll()
                    group.addTask { await Self.next(watch) }
                case .ended(let key, let ending):
                    round.running[key] = nil
                    if let ending {
                        round.note(ending)
                        isClean =
                            isClean && ending.kind != .failed
                            && (ending.kind != .postponed || !options.endsWhenIdle)
                    }
                    // What builds leave is many small files (git-maintenance(1)).
                    if round.running.isEmpty, !isMaintaining, !options.endsWhenIdle {
                        isMaintaining = true
                        group.addTask { await maintain() }
                    }
                case .obstructed(let key):
                    round.running[key] = nil
                    isClean = false
                case .maintained:
                    isMaintaining = false
                }
                try Task.checkCancellation()
                do {
                    try await start(&round, in: &group)
                } catch let error where !options.endsWhenIdle && !(error is CancellationError) {
                    // Such as a full disk: looked at again at the next bell.
                    await report(.obstacle("\(error)"))
                }
            }
            group.cancelAll()
        }
        guard options.endsWhenIdle else { return isClean }
        let queue = BuildQueue(try Repository.open(machine.repository))
        let left = try queue.items(.waiting).map(\.entry.key)
        if !left.isEmpty { await report(.left(left, pause: try queue.pause())) }
        return isClean && left.isEmpty
    }

    /// Nil when another worker has it. Whoever looks takes it for a moment,
    /// so it is tried more than once.
    private static func takePresence(in state: StateDirectory) async throws -> FileLock? {
        for _ in 0..<5 {
            if let lock = try FileLock.tryLock(BuildQueue.presence(in: state)) { return lock }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    private func maintain() async -> Message {
        // It comes round again, and what is wrong then is git's to tell.
        try? await machine.git.maintain(gitDirectory: machine.repository)
        return .maintained
    }

    private static func next(_ watch: QueueWatch) async -> Message {
        for await _ in watch.bells { break }
        return .bell
    }

    /// Tidies up, stops what is to be stopped, and begins what there is room
    /// for.
    private func start(
        _ round: inout WorkerRound, in group: inout ThrowingTaskGroup<Message, any Error>
    ) async throws {
        let queue = BuildQueue(try Repository.open(machine.repository))
        for event in try await round.tidy(queue) { await report(event) }
        for item in try round.due(queue) {
            let (stops, stop) = AsyncStream<WorkerEnding.Kind>.makeStream()
            let key = item.entry.key
            round.running[key] = stop
            let claim = WorkerClaim(machine: machine, report: report)
            group.addTask {
                do {
                    return .ended(key: key, try await claim.work(on: item, stops: stops))
                } catch let error where !(error is CancellationError) {
                    // What it holds is freed as a dead worker's is.
                    await report(.obstacle("\(key): \(error)"))
                    return .obstructed(key: key)
                }
            }
        }
        await report(
            .state(
                running: round.running.keys.sorted(),
                waiting: try queue.items(.waiting).count, pause: try queue.pause()))
    }
}
