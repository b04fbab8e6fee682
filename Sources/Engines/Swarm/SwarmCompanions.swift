internal import Exec
internal import SystemPackage

/// The companions of a job on a swarm: one service each, which Docker itself
/// restarts, on another node if necessary. Their output is reported after they
/// have ended.
struct SwarmCompanions {
    private let engine: SwarmEngine
    private let job: Job
    /// The job's directory.
    private let scratch: FilePath
    private let companions: [Companion]

    private typealias Listener = (JobEvent) -> Void

    /// A companion.
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

    /// Creates a network for the companions while `body` runs, which starts
    /// them; network and companions are removed afterwards.
    ///
    /// - Parameters:
    ///   - onEvent: receives their output.
    ///   - body: runs the job's steps.
    /// - Returns: the result of `body`.
    /// - Throws: what `body` throws, and ``EngineError`` when their network
    ///   cannot be created.
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

    /// Starts the companions, after the steps have been placed: their
    /// reservations must not keep the steps of any job waiting forever. A
    /// companion that cannot be started is reported as an event.
    ///
    /// - Parameters:
    ///   - image: the name of the stage's image on the nodes.
    ///   - constraints: the constraints on their nodes.
    ///   - onEvent: receives the reports.
    /// - Throws: `CancellationError`.
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

    /// Removes the companions, so that the steps can use their resources. The
    /// next sweep removes what cannot be removed now.
    func stop() async {
        for companion in companions { try? await service(of: companion).remove() }
    }

    private func service(of companion: Companion, image: String = "") -> SwarmService {
        SwarmService(
            engine: engine, job: job.id, role: .companion(companion.step.name), image: image)
    }

    /// Reports the output of a companion. The job does not depend on it.
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
