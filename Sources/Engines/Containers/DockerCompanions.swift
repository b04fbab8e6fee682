internal import Exec

/// A job's companions on a daemon: a container each.
struct DockerCompanions {
    let docker: DockerProgram
    let steps: [Step]
    /// The job's own container.
    let container: DockerContainer

    typealias Listener = @Sendable (JobEvent) -> Void

    /// Has them while something is done.
    ///
    /// - Parameters:
    ///   - onEvent: is told what they say.
    ///   - body: is given what to tell of its own events.
    /// - Throws: what `body` throws, and ``EngineError`` when there can be no
    ///   network for them.
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

    /// Runs one until it ends or is ended.
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
