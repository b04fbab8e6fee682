internal import Exec
internal import Glibc
internal import SystemPackage

/// One job on a swarm, from its first run to the one that succeeds.
struct SwarmJob: Sendable {
    let engine: SwarmEngine
    let job: Job
    /// The job's directory.
    let scratch: FilePath

    private var docker: DockerProgram { engine.docker }
    private typealias Listener = @Sendable (JobEvent) -> Void

    /// How a run ended.
    private enum Ending {
        /// Its steps were done.
        case done([StepResult])
        /// It is unreachable or was ended from outside, with the reason.
        case lost(String)
        /// Its node does not have the image, contrary to its label.
        case withoutImage(String)
    }

    func run(_ onEvent: @escaping @Sendable (JobEvent) -> Void) async throws -> [StepResult] {
        let companions = SwarmCompanions(engine: engine, job: job, scratch: scratch)
        return try await companions.during(onEvent) {
            try await runToTheEnd(with: companions, onEvent)
        }
    }

    private func runToTheEnd(
        with companions: SwarmCompanions, _ onEvent: @escaping Listener
    ) async throws -> [StepResult] {
        var fences: ContainerFences?
        var reason = ""
        var isCertain = false
        for attempt in 1...SwarmEngine.mostAttempts {
            if attempt > 1 {
                onEvent(.notice(.begunAgain(because: reason)))
                await companions.stop()
            }
            let current = try ContainerFences(
                job.steps, job: job.id, attempt: attempt, scratch: scratch, after: fences)
            do {
                switch try await run(
                    attempt, current, with: companions, isCertain: isCertain, onEvent)
                {
                case .done(let results):
                    try await current.publish(by: engine.privileges)
                    return results
                case .lost(let why): reason = why
                case .withoutImage(let why): (reason, isCertain) = (why, true)
                }
            } catch {
                try? await current.discard(by: engine.privileges)
                throw error
            }
            // An unreachable run may still write there; the directories of all
            // runs are removed with the job.
            fences = current
        }
        throw EngineError(
            .lost, "job '\(job.id)' was lost \(SwarmEngine.mostAttempts) times: \(reason)",
            hints: ["docker node ls"])
    }

    private func run(
        _ attempt: Int, _ fences: ContainerFences, with companions: SwarmCompanions,
        isCertain: Bool, _ onEvent: @escaping Listener
    ) async throws -> Ending {
        let mark = ContainerRunner.makeMark()
        let reportName = FilePath.Component("report-\(attempt)") ?? "report"
        let plan = ContainerPlan(
            job.steps, root: root, scratch: scratch, storage: engine.storage,
            fences: fences.directories, markers: try engine.storage.identities(), mark: mark,
            report: .file(reportName), owner: ContainerRunner.owner)
        let (image, placement) = try await place(
            files: plan.memory, isCertain: isCertain, onEvent)
        let service = SwarmService(
            engine: engine, job: job.id, role: .attempt(attempt), image: image)
        var report = SwarmReport(
            at: scratch.appending(reportName), of: job.steps, mark: mark)
        do {
            try await service.create(plan, placement.constraints)
            let watch = SwarmWatch(service: service, placement: placement)
            let end = try await watch.untilItEnds(&report, onEvent) {
                try await companions.start(image: image, placement.constraints, onEvent)
            }
            let ending = try settle(end, &report, onEvent)
            // The run has ended, whatever a manager reports now; a service that
            // cannot be removed is left to the next sweep.
            do { try await service.remove() } catch is EngineError {}
            return ending
        } catch {
            try? await service.remove()
            throw error
        }
    }

    /// Finds nodes for a container of the stage and provides the image to them.
    ///
    /// - Parameters:
    ///   - files: the maximum number of bytes in its memory file systems.
    ///   - isCertain: whether to ignore what is recorded about nodes' images.
    ///   - onEvent: receives notices.
    /// - Returns: the image's name on the nodes, and the placement.
    /// - Throws: ``EngineError``; `CancellationError`.
    private func place(
        files: Int, isCertain: Bool, _ onEvent: @escaping Listener
    ) async throws -> (image: String, placement: SwarmPlacement) {
        var placement = SwarmPlacement(
            on: try await SwarmNode.all(docker), cpu: job.cpu, limits: engine.limits, files: files)
        let stage = job.root.stage
        if let architecture = stage.architecture, placement.demand(architecture) {
            onEvent(.notice(.emulated(by: "qemu-\(architecture.machine)")))
        }
        if let obstacle = placement.obstacle { throw obstacle }
        let (image, constraint) = try await SwarmImages(engine: engine).provide(
            stage, to: placement.fitting, isCertain: isCertain
        ) {
            onEvent(.notice(.waiting(for: "the image of stage '\(stage.name)'")))
        }
        if let constraint {
            placement = placement.on(try await SwarmNode.all(docker))
            placement.demand(constraint)
            if let obstacle = placement.obstacle { throw obstacle }
        }
        return (image, placement)
    }

    private var root: ContainerPlan.Root {
        if case .directory(let directory, _) = job.root { .directory(directory) } else { .image }
    }

    /// Returns what an end means for the job.
    private func settle(
        _ end: SwarmWatch.End, _ report: inout SwarmReport, _ onEvent: Listener
    ) throws -> Ending {
        let content = report.content
        switch content.end {
        case .complete: return .done(content.results)
        case .failed(let reason):
            throw EngineError(.setup, reason, hints: ["git zentoo doctor"])
        case .foreign: throw engine.storage.foreign(on: end.place)
        case .cutShort(let step):
            switch end.cause {
            case .rejected(let reason):
                if engine.storage.isMissed(in: reason) {
                    throw engine.storage.foreign(on: end.place)
                }
                if reason.hasPrefix("No such image") { return .withoutImage(reason) }
                throw EngineError(.setup, "\(end.place) rejects the job: \(reason)")
            case .exited(let status):
                // The kernel kills a process in a container that exceeds its
                // memory limit.
                if status == 128 + SIGKILL, step != nil, engine.limits.memory != nil {
                    report.killCurrentStep(onEvent)
                    return .done(report.content.results)
                }
                return .lost("its container on \(end.place) ended early with status \(status)")
            case .lost(let reason): return .lost(reason)
            }
        }
    }
}
