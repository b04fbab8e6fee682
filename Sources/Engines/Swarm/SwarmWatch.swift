internal import Exec
internal import SystemPackage

/// Watches a service from its creation to the end of its task.
struct SwarmWatch {
    /// How a task ended.
    struct End {
        /// The reason why it no longer runs.
        enum Cause: Hashable {
            /// Its container has exited with this status.
            case exited(Int32)
            /// Its node could not start it, with the reason.
            case rejected(String)
            /// It is unreachable or was ended from outside, with the reason.
            case lost(String)
        }

        let cause: Cause
        /// The node, as shown to users.
        let place: String
    }

    let service: SwarmService
    let placement: SwarmPlacement

    private var docker: DockerProgram { service.engine.docker }

    /// The maximum delay until output of a task is visible here.
    private static let mostDelay = Duration.seconds(10)
    /// The time that a task may be without a node before the reason is
    /// reported.
    private static let quietly = Duration.seconds(2)

    /// Passes on the output of the task, and returns when it has ended.
    ///
    /// - Parameters:
    ///   - report: the output of the task.
    ///   - onEvent: called for each event.
    ///   - onPlace: called when the task has a node.
    /// - Returns: how the task ended.
    /// - Throws: ``EngineError`` when no node can run it, or no manager was
    ///   reachable for too long; `CancellationError`; what `onPlace` throws.
    func untilItEnds(
        _ report: inout SwarmReport, _ onEvent: (JobEvent) -> Void,
        onPlace: () async throws -> Void
    ) async throws -> End {
        let clock = ContinuousClock()
        let start = clock.now
        var lastAnswer = clock.now
        var nextLook = clock.now
        var node: SwarmNode?
        var hasTold = false
        while true {
            try Self.read(&report, onEvent)
            let isDone = report.content.end.isStated
            if isDone || clock.now >= nextLook {
                do {
                    let task = try await SwarmTask.of(service.name, docker)
                    lastAnswer = clock.now
                    guard let task else {
                        return End(cause: .lost("somebody removed its service"), place: "the swarm")
                    }
                    if let id = task.node, node?.id != id {
                        node = try await SwarmNode.all(docker).first { $0.id == id }
                        if let node {
                            onEvent(.notice(.placed(on: node.hostname)))
                            try await onPlace()
                        }
                    }
                    if let end = try await end(of: task, on: node, isDone: isDone) {
                        try await readRest(&report, of: end, onEvent)
                        return end
                    }
                    if task.node == nil, clock.now - start > Self.quietly {
                        try await explain(task, &hasTold, onEvent)
                    }
                } catch let error as EngineError where error.code == .setup {
                    // A restarted manager answers after a moment.
                    guard clock.now - lastAnswer < SwarmEngine.patience else { throw error }
                }
                nextLook = clock.now.advanced(
                    by: isDone ? .milliseconds(50) : .milliseconds(500))
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func read(
        _ report: inout SwarmReport, _ onEvent: (JobEvent) -> Void
    ) throws {
        do {
            try report.read(onEvent)
        } catch let error as Errno {
            throw EngineError(.lost, "cannot read what the job says: \(error)")
        }
    }

    /// Reads the rest of the output, which a shared file system may show late.
    private func readRest(
        _ report: inout SwarmReport, of end: End, _ onEvent: (JobEvent) -> Void
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: Self.mostDelay)
        try Self.read(&report, onEvent)
        guard case .exited(0) = end.cause else { return }
        while !report.content.end.isStated, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(100))
            try Self.read(&report, onEvent)
        }
    }

    /// - Parameter isDone: whether the task has reported that all steps are
    ///   done.
    /// - Returns: how the task ended; nil while it runs or is still to run.
    private func end(of task: SwarmTask, on node: SwarmNode?, isDone: Bool) async throws -> End? {
        let place = node.map { "node '\($0.hostname)'" } ?? "the swarm"
        switch task.state {
        case .complete: return End(cause: .exited(0), place: place)
        case .failed:
            guard let status = task.exitStatus, status != 0 else {
                return End(cause: .lost("\(place): \(task.reason)"), place: place)
            }
            // The node's daemon was stopped and stopped its containers (128 +
            // SIGTERM).
            if status == 143 {
                return End(cause: .lost("\(place) has ended it"), place: place)
            }
            return End(cause: .exited(status), place: place)
        case .rejected: return End(cause: .rejected(task.reason), place: place)
        case .shutdown, .orphaned, .remove:
            return End(cause: .lost("\(place) has ended it"), place: place)
        default: break
        }
        guard task.desired.isFinal, let node else { return nil }
        // The managers abandoned it; a node that is reachable reports the end
        // itself.
        let now = try await SwarmNode.all(docker).first { $0.id == node.id }
        guard now?.state != "ready" else { return nil }
        if isDone { return End(cause: .exited(0), place: place) }
        return End(cause: .lost("\(place) is \(now?.state ?? "gone")"), place: place)
    }

    private func explain(
        _ task: SwarmTask, _ hasTold: inout Bool, _ onEvent: (JobEvent) -> Void
    ) async throws {
        let now = placement.on(try await SwarmNode.all(docker))
        if let obstacle = now.obstacle { throw obstacle }
        guard !hasTold else { return }
        hasTold = true
        let nodes = now.fitting.filter(\.isUsable).map(\.hostname).joined(separator: ", ")
        onEvent(.notice(.waiting(for: "a free node of the swarm (\(nodes))")))
    }
}
