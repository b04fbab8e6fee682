internal import Exec
internal import SystemPackage

/// A job's companions on a swarm: a service each, which Docker itself begins
/// again, on another node if need be. What they say is heard when they have
/// ended.
struct SwarmCompanions {
    private let engine: SwarmEngine
    private let job: Job
    /// The job's directory.
    private let scratch: FilePath
    private let companions: [Companion]

    private typealias Listener = (JobEvent) -> Void

    /// One of them.
    private struct Companion {
        let step: Step
        let mark = ContainerRunner.makeMark()

        var report: FilePath.Component { FilePath.Component("report-\(step.name)") ?? "report" }
    }

    init(engine: SwarmEngine, job: Job, scratch: FilePath) {
        self.engine = engine
        self.job = job
        self.scratch = scratch
        companions = job.companions.map { Companion(step: $0) }
    }

    /// Has a network for them while something is done, which starts them; they
    /// are gone afterwards.
    ///
    /// - Parameter onEvent: is told what they said.
    /// - Throws: what `body` throws, and ``EngineError`` when there can be no
    ///   network for them.
    func during<Result>(
        _ onEvent: (JobEvent) -> Void, _ body: () async throws -> Result
    ) async throws -> Result {
        if companions.isEmpty { return try await body() }
        let result = try await JobNetwork.with(
            of: job.id, in: engine.state, .overlay, engine.docker
        ) {
            do {
                let result = try await body()
                await stop()
                return result
            } catch {
                await stop()
                throw error
            }
        }
        for companion in companions { pass(on: companion, onEvent) }
        return result
    }

    /// Starts them, once the steps have a place: what they reserve must not keep
    /// the steps of any job waiting for ever. One that cannot be started is told
    /// of.
    ///
    /// - Parameters:
    ///   - image: the stage's, as nodes find it.
    ///   - constraints: what their nodes must be.
    func start(
        image: String, _ constraints: [SwarmConstraint], _ onEvent: (JobEvent) -> Void
    ) async throws {
        for companion in companions {
            do {
                let plan = ContainerPlan(
                    [companion.step], root: .image, scratch: scratch, storage: engine.storage,
                    markers: try engine.storage.identities(), mark: companion.mark,
                    report: .file(companion.report), owner: ContainerRunner.owner)
                try await service(of: companion, image: image).create(plan, constraints)
            } catch let error as EngineError {
                tell(of: companion, error.message, onEvent)
            }
        }
    }

    /// Ends them, so that their places are free for the steps. What cannot be
    /// removed now the next sweep removes.
    func stop() async {
        for companion in companions { try? await service(of: companion).remove() }
    }

    private func service(of companion: Companion, image: String = "") -> SwarmService {
        SwarmService(
            engine: engine, job: job.id, role: .companion(companion.step.name), image: image)
    }

    /// What they said is nothing that the job depends on.
    private func pass(on companion: Companion, _ onEvent: Listener) {
        var report = SwarmReport(
            at: scratch.appending(companion.report), of: [companion.step], mark: companion.mark)
        do {
            try report.read { event in if case .line = event { onEvent(event) } }
        } catch {
            tell(of: companion, "cannot read what it said: \(error)", onEvent)
        }
    }

    private func tell(of companion: Companion, _ reason: String, _ onEvent: Listener) {
        onEvent(.notice(.lostCompanion(name: companion.step.name, because: reason)))
    }
}
