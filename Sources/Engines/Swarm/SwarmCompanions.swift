internal import Exec
internal import SystemPackage

/// A job's companions on a swarm: a service each, which Docker itself begins
/// again, on another node if need be. What they say is heard when they have
/// ended.
struct SwarmCompanions {
    let engine: SwarmEngine
    let job: Job
    /// The job's directory.
    let scratch: FilePath

    private var docker: DockerProgram { engine.docker }

    /// One of them at work.
    private struct Companion {
        let step: Step
        let service: SwarmService
        let mark = ContainerRunner.makeMark()

        var report: FilePath.Component { FilePath.Component("report-\(step.name)") ?? "report" }
    }

    /// Has them from when the steps have a place until something is done: what
    /// they reserve must not keep the steps of any job waiting for ever.
    ///
    /// - Parameters:
    ///   - image: the stage's, as nodes find it.
    ///   - constraints: what their nodes must be.
    ///   - onEvent: is told what they say.
    ///   - body: is given what to tell of its own events.
    /// - Throws: what `body` throws, and ``EngineError`` when there can be no
    ///   network for them.
    func during<Result>(
        image: String, _ constraints: [SwarmConstraint],
        _ onEvent: @escaping @Sendable (JobEvent) -> Void,
        _ body: (@escaping @Sendable (JobEvent) -> Void) async throws -> Result
    ) async throws -> Result {
        let onEvent = JobEvent.inTurn(onEvent)
        let companions = job.companions.map { step in
            Companion(
                step: step,
                service: SwarmService(
                    engine: engine, job: job.id, role: .companion(step.name), image: image))
        }
        try await JobNetwork.create(of: job.id, in: engine.state, .overlay, docker)
        do {
            let (places, place) = AsyncStream.makeStream(of: Void.self)
            async let starting: Void = {
                for await _ in places {
                    for companion in companions { await start(companion, constraints, onEvent) }
                    break
                }
            }()
            let result = try await body { event in
                onEvent(event)
                if case .notice(.placed) = event { place.yield() }
            }
            place.finish()
            await starting
            await end(companions)
            for companion in companions { try pass(on: companion, onEvent) }
            return result
        } catch {
            await end(companions)
            throw error
        }
    }

    private func start(
        _ companion: Companion, _ constraints: [SwarmConstraint], _ onEvent: (JobEvent) -> Void
    ) async {
        do {
            let plan = ContainerPlan(
                [companion.step], root: .image, scratch: scratch, storage: engine.storage,
                markers: try engine.storage.identities(), mark: companion.mark,
                report: .file(companion.report), owner: ContainerRunner.owner)
            try await companion.service.create(plan, constraints)
        } catch let error as EngineError {
            onEvent(.notice(.lostCompanion(name: companion.step.name, because: error.message)))
        } catch {}
    }

    /// What cannot be removed now the next sweep removes.
    private func end(_ companions: [Companion]) async {
        for companion in companions { try? await companion.service.remove() }
        await JobNetwork.remove(JobNetwork.name(of: job.id), docker)
    }

    private func pass(on companion: Companion, _ onEvent: (JobEvent) -> Void) throws {
        var report = SwarmReport(
            at: scratch.appending(companion.report), of: [companion.step], mark: companion.mark)
        do {
            try report.read { event in if case .line = event { onEvent(event) } }
        } catch let error as Errno {
            throw EngineError(.lost, "cannot read what a companion says: \(error)")
        }
    }
}
