internal import Builds
internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// The state of a worker between two checks of the queue.
struct WorkerRound {
    let machine: Machine
    let sites: [ZentooName]
    let options: Worker.Options
    /// The running builds by key, with the means to stop each.
    var running: [String: AsyncStream<WorkerEnding.Kind>.Continuation] = [:]
    /// The entries that were tried since the last notification: one that is
    /// still waiting is held by another worker.
    var tried: Set<String> = []
    /// The entries that are delayed after a temporary failure; a newer commit
    /// of the tuple is not delayed.
    private var postponed: [String: (commit: ObjectID, until: ContinuousClock.Instant)] = [:]
    /// The branches that were found not to be queued at the last check.
    private var unseen: BranchHeads?
    private var nextSweep = ContinuousClock.now

    init(machine: Machine, sites: [ZentooName], options: Worker.Options) {
        self.machine = machine
        self.sites = sites
        self.options = options
    }

    /// Whether a build is running.
    var isBusy: Bool { !running.isEmpty }

    /// The delay after a temporary failure, doubled with each attempt.
    private static let delay = Duration.seconds(30)
    private static let sweepInterval = Duration.seconds(20)

    mutating func note(_ ending: WorkerEnding) {
        let key = ending.entry.key
        tried.remove(key)
        postponed[key] =
            ending.kind == .postponed
            ? (ending.entry.commit, .now + Self.delay * (1 << min(ending.entry.attempts, 6)))
            : nil
    }

    /// Frees the claims of dead workers, queues changes that no hook queued,
    /// and stops builds that are no longer wanted.
    mutating func tidy(_ queue: BuildQueue) async throws -> [WorkerEvent] {
        var events: [WorkerEvent] = []
        if ContinuousClock.now >= nextSweep {
            nextSweep = .now + Self.sweepInterval
            try AbandonedLocks(repository: queue.repository).removeOldOfQueue()
            events += try queue.freeDeadClaims(in: machine.state).map { .freed($0) }
            if let found = try await feedUnseen(queue) { events.append(.found(found)) }
        }
        for (key, stop) in running {
            guard let item = try queue.item(.running, key) else { continue }
            if try queue.isCancelled(item) {
                stop.yield(.cancelled)
            } else if options.stopsSuperseded, let newer = try queue.item(.waiting, key),
                newer.entry.commit != item.entry.commit
            {
                stop.yield(.superseded)
            }
        }
        return events
    }

    /// Queues what a dead hook left, once it is certain that it is dead: a live
    /// hook does so itself, and knows the pusher and the push options.
    private mutating func feedUnseen(_ queue: BuildQueue) async throws -> [QueueFeeder.Outcome]? {
        guard let seen = try queue.seen() else { return nil }
        let now = try BranchHeads(of: queue.repository, sites: sites)
        guard now != seen.heads else {
            unseen = nil
            return nil
        }
        guard unseen == now || options.endsWhenIdle else {
            unseen = now
            return nil
        }
        unseen = nil
        let found = try await QueueFeeder(queue.repository, sites: sites, state: machine.state)
            .feedChanges(by: "worker")
        return found.isEmpty ? nil : found
    }

    /// Returns the entries to start now.
    mutating func due(_ queue: BuildQueue) throws -> [BuildQueue.Item] {
        guard running.count < options.jobs, try queue.pause() == nil else { return [] }
        let now = ContinuousClock.now
        let free = try queue.items(.waiting).filter { item in
            let key = item.entry.key
            guard running[key] == nil, !tried.contains(key) else { return false }
            guard let pause = postponed[key], pause.commit == item.entry.commit else {
                return true
            }
            return pause.until <= now && !options.endsWhenIdle
        }.prefix(options.jobs - running.count)
        tried.formUnion(free.map(\.entry.key))
        return Array(free)
    }
}
