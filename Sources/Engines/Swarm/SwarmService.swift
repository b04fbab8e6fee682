internal import Exec
internal import SystemPackage

/// A service with one task for a job: a run of its steps, which Docker itself
/// never restarts, or one of its companions, which it always restarts. It is
/// not a job in Docker's sense: daemons before Engine 24 leave the containers
/// of those behind (moby#44312).
struct SwarmService: Sendable, Hashable {
    let engine: SwarmEngine
    /// The job's id.
    let job: String
    /// The purpose of the service.
    let role: Role
    /// The image as every node finds it: by id, or by name and digest.
    let image: String

    /// The purpose of a service for its job.
    enum Role: Hashable {
        /// The steps, with the number of their run, from 1.
        case attempt(Int)
        /// A companion, with the name by which the steps find it.
        case companion(String)
    }

    private var docker: DockerProgram { engine.docker }
    private var companion: String? {
        if case .companion(let name) = role { name } else { nil }
    }

    /// The name of the service in Docker.
    var name: String {
        switch role {
        case .attempt(let number): ContainerLabels.swarmName(of: job, "-\(number)")
        case .companion(let name): ContainerLabels.swarmName(of: job, "-\(name)")
        }
    }

    /// Starts the service and returns at once.
    ///
    /// - Throws: ``EngineError`` with Docker's message; `CancellationError`.
    func create(_ plan: ContainerPlan, _ constraints: [SwarmConstraint]) async throws {
        do {
            let completion = try await creation(plan, constraints).run()
            guard completion.status.isSuccess else {
                throw docker.failure(ExecError.lastLine(of: completion.errors))
            }
        } catch let error as ExecError {
            throw DockerProgram.missing(error)
        }
    }

    /// Returns the invocation that starts the service: a pure function.
    func creation(_ plan: ContainerPlan, _ constraints: [SwarmConstraint]) -> Invocation {
        var words = ["service", "create", "--quiet", "--detach", "--no-resolve-image"]
        if engine.registry != nil { words.append("--with-registry-auth") }
        words += ["--name", name, "--mode", "replicated", "--replicas", "1"]
        words.append("--restart-condition")
        words.append(companion == nil ? "none" : "any")
        words += ["--stop-grace-period", "5s", "--init"]
        for option in ["--label", "--container-label"] {
            words += ContainerLabels.words(
                of: job, in: engine.state, companion: companion, as: option)
        }
        if plan.network == .companions { words += JobNetwork.resolverOptions }
        if let companion {
            // Not "vip": kernels without IPVS have no virtual addresses.
            words += ["--hostname", companion, "--endpoint-mode", "dnsrr", "--network"]
            words.append("name=\(JobNetwork.name(of: job)),alias=\(companion)")
        } else {
            words += ["--hostname", "zentoo"]
            switch plan.network {
            case .none: break
            case .outside: if let network = engine.network { words += ["--network", network] }
            case .companions:
                words += ["--endpoint-mode", "dnsrr", "--network", JobNetwork.name(of: job)]
            }
        }
        for constraint in constraints { words += ["--constraint", "\(constraint)"] }
        if let processors = engine.limits.processors {
            words += ["--reserve-cpu", String(processors), "--limit-cpu", String(processors)]
        }
        if let memory = engine.limits.memory(with: plan.memory) {
            words += ["--reserve-memory", String(memory), "--limit-memory", String(memory)]
        }
        words += ["--cap-drop", "ALL"]
        for capability in ContainerShell.capabilities { words += ["--cap-add", capability] }
        if companion == nil {
            for secret in engine.secrets { words += ["--secret", "source=\(secret),mode=0400"] }
            for config in engine.configs { words += ["--config", "source=\(config),mode=0444"] }
        }
        for mount in plan.mounts { words += ["--mount", mount] }
        words += ["--env", ContainerRunner.variable, image]
        var invocation = docker.invocation(words + ContainerRunner.command(plan.arguments))
        invocation.environment[ContainerRunner.variable] = ContainerRunner.text
        return invocation
    }

    /// Stops and removes the service, even if the task is cancelled; returns
    /// when its container has ended or its node is unreachable.
    ///
    /// - Throws: ``EngineError`` when it cannot be removed.
    func remove() async throws { try await Self.remove(name, docker) }

    /// Does the same as ``remove()`` for a service of this name.
    static func remove(_ name: String, _ docker: DockerProgram) async throws {
        // A separate task, awaited at once, is the only protection from
        // cancellation that the language offers.
        try await Task {
            let task = try await SwarmTask.of(name, docker)
            let removal = try await docker.call(["service", "rm", name])
            guard removal.status.isSuccess else {
                // It is no failure if another process removed it.
                if try await docker.call(["service", "inspect", name]).status.isSuccess {
                    throw docker.failure(ExecError.lastLine(of: removal.errors))
                }
                return
            }
            guard let task else { return }
            let deadline = ContinuousClock.now.advanced(by: .seconds(20))
            while ContinuousClock.now < deadline,
                let now = try await SwarmTask.with(id: task.id, docker), !now.state.isFinal
            {
                if let node = now.node, try await !isReady(node, docker) { return }
                try await Task.sleep(for: .milliseconds(200))
            }
        }.value
    }

    private static func isReady(_ node: String, _ docker: DockerProgram) async throws -> Bool {
        try await docker.ask(["node", "inspect", "--format", "{{.Status.State}}", node]) == "ready"
    }
}
