internal import Exec

/// The companions of a job on a daemon, each in a container.
struct DockerCompanions {
    let docker: DockerProgram
    let steps: [Step]
    /// The job's own container.
    let container: DockerContainer

    typealias Listener = @Sendable (JobEvent) -> Void

    /// Runs the companions while `body` runs.
    ///
    /// - Parameters:
    ///   - onEvent: receives their events.
    ///   - body: receives the listener for its own events.
    /// - Returns: the result of `body`.
    /// - Throws: what `body` throws, and ``EngineError`` when their network
    ///   cannot be created.
    func during<Result: Sendable>(
        _ onEvent: @escaping Listener,
        _ body: (@escaping Listener) async throws -> Result
    ) async throws -> Result {
        if steps.isEmpty { return try await body(onEvent) }
        let inTurn = JobEvent.inTurn(onEvent)
        return try await JobNetwork.with(
            of: container.job, in: container.engine.state, .bridge, docker
        ) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for step in steps { group.addTask { await run(step, inTurn) } }
                defer { group.cancelAll() }
                return try await body(inTurn)
            }
        }
    }

    /// Runs one companion until it ends or is cancelled.
    private func run(_ step: Step, _ onEvent: @escaping Listener) async {
        var own = container
        own.alias = step.name
        own.root = .image
        let reason: String
        do {
            let results = try await own.run([step]) { event in
                if case .line = event { onEvent(event) }
            }
            reason = results.map(\.status.description).joined()
        } catch let error as EngineError {
            reason = error.message
        } catch {
            return
        }
        if !Task.isCancelled { onEvent(.notice(.lostCompanion(name: step.name, because: reason))) }
    }
}
