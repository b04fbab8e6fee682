internal import Exec
internal import SystemPackage

/// A service of one task for a job: a run of its steps, which is never begun
/// again by Docker itself, or one of its companions, which always is. Not a job in
/// Docker's own sense: a daemon before Engine 24 leaves the containers of those
/// behind (moby#44312).
struct SwarmService: Sendable, Hashable {
    let engine: SwarmEngine
    /// The job's id.
    let job: String
    /// What it does for the job.
    let role: Role
    /// As every node finds it: by id, or by name and digest.
    let image: String

    /// What a service does for its job.
    enum Role: Hashable {
        /// The steps; which run of them it is, from 1.
        case attempt(Int)
        /// A companion; the name by which the steps find it.
        case companion(String)
    }

    private var docker: DockerProgram { engine.docker }
    private var companion: String? {
        if case .companion(let name) = role { name } else { nil }
    }

    /// What Docker calls it.
    var name: String {
        switch role {
        case .attempt(let number): ContainerLabels.swarmName(of: job, "-\(number)")
        case .companion(let name): ContainerLabels.swarmName(of: job, "-\(name)")
        }
    }

    /// Starts it; returns at once.
    ///
    /// - Throws: ``EngineError`` with Docker's own words; `CancellationError`.
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

    /// What is run to start it: a pure function.
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

    /// Ends it and removes it; returns when its container has ended, or when
    /// its node is out of reach. A task that is cancelled does so as well.
    ///
    /// - Throws: ``EngineError`` when it cannot be removed.
    func remove() async throws { try await Self.remove(name, docker) }

    /// As ``remove()``, by a service's name.
    static func remove(_ name: String, _ docker: DockerProgram) async throws {
        // A task of its own, awaited at once, is the one shield from
        // cancellation that the language has.
        try await Task {
            let task = try await SwarmTask.of(name, docker)
            let removal = try await docker.call(["service", "rm", name])
            guard removal.status.isSuccess else {
                // Nobody else's removal is a failure of ours.
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
