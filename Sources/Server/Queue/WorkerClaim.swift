internal import Builds
internal import Files
internal import Git
internal import Records
internal import SystemPackage

/// A worker's processing of one entry: claims it, builds it, and records the
/// result in the queue.
struct WorkerClaim: Sendable {
    let machine: Machine
    let report: @Sendable (WorkerEvent) async -> Void

    /// The maximum number of attempts when an entry fails for a temporary
    /// reason.
    private static let mostAttempts = 5

    /// - Parameter stops: the requests to stop, with their reasons.
    /// - Returns: the result; nil when another worker has the entry.
    func work(
        on item: BuildQueue.Item, stops: AsyncStream<WorkerEnding.Kind>
    ) async throws -> WorkerEnding? {
        let path = BuildQueue.lock(item.entry.key, in: machine.state)
        guard let lock = try FileLock.tryLock(path) else { return nil }
        defer { _ = lock }
        guard let claimed = try queue().claim(item, worker: Self.name) else { return nil }
        await report(.began(claimed.entry))
        let ending = await build(claimed, stops)
        guard try settle(ending, claimed) else {
            // Another process considered this worker dead; its result counts.
            return nil
        }
        await report(.ended(ending))
        return ending
    }

    private func queue() throws -> BuildQueue {
        BuildQueue(try Repository.open(machine.repository))
    }

    /// Records the result in the queue; false when the claim is no longer ours.
    private func settle(_ ending: WorkerEnding, _ item: BuildQueue.Item) throws -> Bool {
        let queue = try queue()
        guard let now = try queue.held(item) else { return false }
        switch ending.kind {
        case .built, .cancelled, .superseded: return try queue.finish(now)
        case .failed:
            return try queue.finish(
                now, reason: ending.reason ?? "it failed", hints: ending.hints)
        case .postponed:
            return try queue.requeue(
                now, inTheWay: ending.reason ?? "it failed", hints: ending.hints)
        case .requeued: return try queue.requeue(now)
        }
    }

    private func build(
        _ item: BuildQueue.Item, _ stops: AsyncStream<WorkerEnding.Kind>
    ) async -> WorkerEnding {
        let entry = item.entry
        do {
            if let known = try knownFailure(of: entry) {
                return WorkerEnding(
                    entry: entry, kind: .failed,
                    reason: "\(known.package) failed in \(known.phase) of just this "
                        + "(build \(known.build))",
                    hints: ["git zentoo queue retry \(entry.tuple)"])
            }
            return try await withThrowingTaskGroup(of: WorkerEnding.self) { group in
                group.addTask { Self.ending(of: entry, try await run(item)) }
                group.addTask {
                    for await reason in stops { return WorkerEnding(entry: entry, kind: reason) }
                    return WorkerEnding(entry: entry, kind: .requeued)
                }
                // The first result counts; a build that has not ended by then
                // is cancelled.
                defer { group.cancelAll() }
                return try await group.next() ?? WorkerEnding(entry: entry, kind: .requeued)
            }
        } catch {
            return ending(of: entry, error)
        }
    }

    private func knownFailure(of entry: QueueEntry) throws -> KnownFailure? {
        guard !entry.isForced else { return nil }
        let repository = try Repository.open(machine.repository)
        return try KnownFailure(
            ofTree: repository.tree(ofCommit: entry.commit), in: RecordNotes(repository))
    }

    private func run(_ item: BuildQueue.Item) async throws -> TupleReport {
        let entry = item.entry
        var machine = machine
        // The entry gives the commit of each branch.
        machine.remote = nil
        let builder = Builder(machine: machine, site: entry.site)
        let queue = queue
        let (events, tell) = AsyncStream<BuildEvent>.makeStream()
        return try await withThrowingTaskGroup(of: TupleReport?.self) { group in
            group.addTask {
                defer { tell.finish() }
                return try await builder.build(
                    entry, mayRecord: { try queue().holds(item) },
                    report: { event in
                        if case .began(let build) = event {
                            _ = try? queue().began(build, of: item)
                        }
                        tell.yield(event)
                    })
            }
            group.addTask {
                for await event in events { await report(.build(entry, event)) }
                return nil
            }
            var result: TupleReport?
            for try await one in group { result = one ?? result }
            guard let result else { throw CancellationError() }
            return result
        }
    }

    private static func ending(of entry: QueueEntry, _ report: TupleReport) -> WorkerEnding {
        guard report.status == .failed else {
            return WorkerEnding(entry: entry, kind: .built, report: report)
        }
        let phase = report.failure?.phase ?? "unknown"
        let package = report.failure?.package.map { "\($0) failed in \(phase)" }
        // A mirror that is down may come back, and a full disk may be cleaned
        // up.
        let mayPass =
            [BuildJobs.fetchStep, BuildResult.Failure.noSpace].contains(phase)
            && entry.attempts + 1 < mostAttempts
        return WorkerEnding(
            entry: entry, kind: mayPass ? .postponed : .failed, report: report,
            reason: package
                ?? (phase == BuildResult.Failure.noSpace
                    ? "no space was left on the disk"
                        + (report.fullPlace.map { ": \($0.description)" } ?? "")
                    : "step '\(phase)' failed"),
            hints: [
                "git zentoo build --keep \(entry.tuple), and look at the root",
                "git zentoo queue retry \(entry.tuple)",
            ])
    }

    private func ending(of entry: QueueEntry, _ error: any Error) -> WorkerEnding {
        if error is CancellationError || Task.isCancelled {
            return WorkerEnding(entry: entry, kind: .requeued)
        }
        let lasts = LastingError.isOne(error)
        return WorkerEnding(
            entry: entry,
            kind: lasts || entry.attempts + 1 >= Self.mostAttempts ? .failed : .postponed,
            reason: "\(error)", hints: LastingError.hints(of: error))
    }

    /// The name of this worker, as `host 1234`.
    private static let name = "\(WorkerName.host) \(WorkerName.process)"
}
