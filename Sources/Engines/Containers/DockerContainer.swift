internal import Exec
internal import Glibc
internal import Synchronization
internal import SystemPackage

/// A container in which steps of a job run.
struct DockerContainer: Sendable, Hashable {
    let engine: DockerEngine
    /// The job's id.
    let job: String
    /// The name by which other containers on the job's network find it; nil for
    /// the container of the job's own steps.
    var alias: String?
    /// The image's id.
    let image: String
    var root: ContainerPlan.Root
    /// The job's directory.
    let scratch: FilePath

    private var name: String { "zentoo-\(job)\(alias.map { "-\($0)" } ?? "")" }
    private var docker: DockerProgram { engine.docker }

    private static let reportName: FilePath.Component = "report"

    /// Runs steps one after the other and removes the container afterwards.
    ///
    /// - Parameters:
    ///   - steps: the steps to run.
    ///   - onTerminal: whether the last one has this process' standard input
    ///     and output.
    ///   - onEvent: called in the order of events.
    /// - Returns: the results of the steps that ran.
    /// - Throws: ``EngineError``; `CancellationError`.
    func run(
        _ steps: [Step], onTerminal: Bool = false,
        onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> [StepResult] {
        guard !steps.isEmpty else { return [] }
        let fences = try ContainerFences(steps, job: job, attempt: 1, scratch: scratch)
        let markers = try engine.storage.identities()
        let mark = ContainerRunner.makeMark()
        let plan = ContainerPlan(
            steps, terminalStep: onTerminal ? steps.count - 1 : nil, root: root, scratch: scratch,
            storage: engine.storage, fences: fences.directories, markers: markers, mark: mark,
            report: onTerminal ? .file(Self.reportName) : .output, owner: ContainerRunner.owner)
        let report = Mutex(ContainerReport(of: steps, mark: mark))
        do {
            let status = try await run(plan, onTerminal: onTerminal) { line in
                report.withLock { $0.take(line, onEvent) }
            }
            try Task.checkCancellation()
            try await settle(report, status: status, onEvent)
            try await docker.askShielded(["rm", "--force", "--volumes", name])
            try await fences.publish(by: engine.privileges)
        } catch {
            try? await docker.askShielded(["rm", "--force", "--volumes", name])
            try? await fences.discard(by: engine.privileges)
            throw error
        }
        return report.withLock { $0.results }
    }

    private func run(
        _ plan: ContainerPlan, onTerminal: Bool, onLine: @escaping @Sendable ([UInt8]) -> Void
    ) async throws -> ExitStatus {
        let invocation = invocation(for: plan, onTerminal: onTerminal)
        do {
            guard onTerminal else { return try await invocation.stream(onLine: onLine) }
            let status = try await invocation.run().status
            let said = (try? SmallFile.bytes(of: scratch.appending(Self.reportName))) ?? []
            said.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .forEach { onLine(Array($0)) }
            unlink(scratch.appending(Self.reportName).string)
            return status
        } catch let error as ExecError {
            try Task.checkCancellation()
            throw DockerProgram.missing(error)
        }
    }

    /// Returns the invocation of docker(1): a pure function of the plan and the
    /// engine.
    func invocation(for plan: ContainerPlan, onTerminal: Bool = false) -> Invocation {
        var words = ["run", "--name", name]
        words += ContainerLabels.words(
            of: job, in: engine.state, companion: alias, as: "--label")
        words += ["--init", "--interactive", "--pull", "never", "--log-driver", "none"]
        if onTerminal, isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 {
            words.append("--tty")
        }
        words += ["--hostname", alias ?? "zentoo", "--network"]
        switch plan.network {
        case .none: words.append("none")
        case .outside: words.append(engine.network ?? "default")
        case .companions: words += [JobNetwork.name(of: job)] + JobNetwork.resolverOptions
        }
        if let alias { words += ["--network-alias", alias] }
        words += ["--cap-drop", "ALL"]
        for capability in ContainerShell.capabilities { words += ["--cap-add", capability] }
        for option in ContainerShell.securityOptions { words += ["--security-opt", option] }
        if let memory = engine.limits.memory(with: plan.memory) {
            words += ["--memory", String(memory), "--memory-swap", String(memory)]
        }
        if let processors = engine.limits.processors { words += ["--cpus", String(processors)] }
        for mount in plan.mounts { words += ["--mount", mount] }
        words += ["--env", ContainerRunner.variable, image]
        var invocation = docker.invocation(words + ContainerRunner.command(plan.arguments))
        invocation.environment[ContainerRunner.variable] = ContainerRunner.text
        invocation.input = onTerminal ? .inherited : .held
        return invocation
    }

    /// Determines how the container ended; returns only when all steps were
    /// done.
    private func settle(
        _ report: borrowing Mutex<ContainerReport>, status: ExitStatus,
        _ onEvent: (JobEvent) -> Void
    ) async throws {
        switch report.withLock({ $0.end }) {
        case .complete: return
        case .failed(let reason):
            throw EngineError(.setup, reason, hints: ["git zentoo doctor"])
        case .foreign: throw engine.storage.foreign(on: "the machine of the Docker daemon")
        case .cutShort(let step):
            let said = report.withLock { $0.complaint }
            let state = try? await docker.ask([
                "inspect", "--format", "{{.State.OOMKilled}}", name,
            ])
            if state == "true", step != nil {
                report.withLock { $0.killCurrentStep(onEvent) }
                return
            }
            if let said, step == nil {
                if engine.storage.isMissed(in: said) {
                    throw engine.storage.foreign(on: "the machine of the Docker daemon")
                }
                throw docker.failure(said)
            }
            throw EngineError(
                .lost, "container '\(name)' is gone (\(status))", hints: [docker.hint])
        }
    }
}
