package import Builds
internal import Engines
internal import Files
internal import Git
internal import Records
package import Sites
internal import SystemPackage

/// Builds the queued entries, several tuples in parallel, until it is stopped.
///
/// A cancelled worker queues unfinished entries again; what was compiled is in
/// the pool, so the next worker continues from there. A killed worker leaves
/// its claims without locks, and any worker of the machine frees them.
package struct Worker: Sendable {
    /// The options of a worker.
    package struct Options: Sendable, Hashable {
        /// The number of tuples that are built in parallel.
        package var jobs = 1
        /// Whether it ends when no entry is waiting.
        package var endsWhenIdle = false
        /// Whether a build is stopped when a newer commit of its tuple waits
        /// (`zentoo.superseded`); else it is finished first.
        package var stopsSuperseded = false

        /// Creates the default options.
        package init() {}
    }

    let machine: Machine
    let sites: [ZentooName]
    let options: Options
    let report: @Sendable (WorkerEvent) async -> Void

    /// Creates a worker on `machine`.
    ///
    /// - Parameter report: called with each event, one after the other for each
    ///   entry.
    package init(
        machine: Machine, sites: [ZentooName], options: Options,
        report: @escaping @Sendable (WorkerEvent) async -> Void
    ) {
        self.machine = machine
        self.sites = sites
        self.options = options
        self.report = report
    }

    /// A message from a task of the worker to its main loop.
    private enum Message: Sendable {
        case bell
        case ended(key: String, WorkerEnding?)
        case obstructed(key: String)
        case maintained
    }

    /// Runs the worker.
    ///
    /// - Returns: whether all builds succeeded and, for a worker that ends when
    ///   idle, whether no entry is left waiting.
    /// - Throws: `CancellationError` when it was stopped; an error of the
    ///   engine when nothing can be built on this machine.
    @discardableResult
    package func run() async throws -> Bool {
        try await machine.engine.check()
        try Directory.create(machine.state.locks)
        // Held by one worker of this machine, so that a waiting pusher can be
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
                    // Builds leave many small files (git-maintenance(1)).
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
                    // For example a full disk: tried again at the next
                    // notification.
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

    /// Takes the presence lock; nil when another worker holds it. A process
    /// that only checks it holds it briefly, so it is tried more than once.
    private static func takePresence(in state: StateDirectory) async throws -> FileLock? {
        for _ in 0..<5 {
            if let lock = try FileLock.tryLock(BuildQueue.presence(in: state)) { return lock }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    private func maintain() async -> Message {
        // Errors are ignored: maintenance runs again later, and git reports
        // what is wrong then.
        try? await machine.git.maintain(gitDirectory: machine.repository)
        return .maintained
    }

    private static func next(_ watch: QueueWatch) async -> Message {
        for await _ in watch.bells { break }
        return .bell
    }

    /// Cleans up, stops builds that are no longer wanted, and starts as many
    /// new ones as the options allow.
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
                    // Its claim is freed like that of a dead worker.
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
