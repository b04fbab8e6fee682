internal import Exec
internal import Synchronization
public import SystemPackage

/// Runs jobs on this machine: in an overlay in a mount namespace of its own,
/// confined by bubblewrap, without a daemon.
///
/// An unprivileged user needs ids in `/etc/subuid` (see ``Privileges``); the
/// steps then have no power over anything beyond the user's own. If git-zentoo
/// runs as root, the steps are uid 0 of the machine in a user namespace of
/// their own: they have no power over the machine except what files grant to
/// their owner; see ``KernelFileSystems``.
public struct LocalEngine: TerminalEngine {
    /// `local`.
    public var name: String { "local" }
    /// All of this machine's processors.
    public var processors: Int? { nil }
    /// Companions are not supported: the only machine compiles as well without
    /// them.
    public var runsCompanions: Bool { false }

    let state: FilePath
    let launcher: FilePath
    let privileges: Privileges

    /// Creates an engine; nothing is checked or created yet.
    ///
    /// - Parameters:
    ///   - state: the directory for the scratch directories of jobs,
    ///     `<state>/jobs/<id>`.
    ///   - launcher: the git-zentoo program, which calls ``LocalLauncher``.
    ///   - privileges: how this process acts on files of other ids; by default
    ///     the privileges of this process.
    public init(state: FilePath, launcher: FilePath, privileges: Privileges? = nil) {
        self.state = state
        self.launcher = launcher
        self.privileges = privileges ?? .current(launcher: launcher)
    }

    /// Runs the job in `<state>/jobs/<id>`, which is removed afterwards.
    ///
    /// With ``Job/keepsRoot`` it is kept, and another job of the same id and
    /// stage continues in it.
    public func run(
        _ job: Job, onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        try await run(job, then: nil, onEvent: onEvent)
    }

    /// See ``TerminalEngine``.
    public func enter(
        _ job: Job, then: @escaping @Sendable (FilePath?) async throws -> [Step],
        onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        try await run(job, then: then, onEvent: onEvent)
    }

    /// Removes what jobs left behind whose controlling process died.
    public func sweep() async throws -> [String] {
        try await JobScratch.sweep(in: state, of: name, privileges).map(\.string)
    }

    private func run(
        _ job: Job, then: (@Sendable (FilePath?) async throws -> [Step])?,
        onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        try state.demandPlain()
        try job.validate()
        guard job.companions.isEmpty else {
            throw EngineError(.unsupported, "the local engine has no companions")
        }
        try Task.checkCancellation()
        let stage: StageImage? = if case .overlay(let stage) = job.root { stage } else { nil }
        let scratch = try JobScratch.claim(job.id, in: state, stage: stage)
        do {
            try scratch.assign(to: name)
            if let stage, !scratch.isKept { try scratch.makeLayers(over: stage.tree) }
            if let emulator = try job.root.stage.emulatorOfThisMachine() {
                onEvent(.notice(.emulated(by: emulator.name)))
            }
            var results: [StepResult] = []
            var due = job.steps[...]
            var terminalStep = then == nil ? nil : job.steps.count - 1
            while let step = due.first {
                let isOnTerminal = due.startIndex == terminalStep
                due = due.dropFirst()
                let isFailed = results.contains { !$0.status.isSuccess }
                guard !isFailed || step.condition == .always else { continue }
                onEvent(.started(step: step.name))
                let result = try await run(
                    step, in: job, scratch, onTerminal: isOnTerminal, onEvent: onEvent)
                onEvent(.ended(result))
                results.append(result)
                if isOnTerminal, let then {
                    terminalStep = nil
                    let more = try await then(
                        stage == nil ? nil : scratch.path.appending(JobScratch.upper))
                    try Job.validate(more)
                    due = more[...]
                }
            }
            return Outcome(steps: results, keptRoot: try await scratch.finish(job, by: privileges))
        } catch {
            // The error that ended the job is reported; the next sweep removes
            // what cannot be removed now.
            let told = (error as? EngineError)?.explained(by: scratch.path) ?? error
            if !scratch.isKept { try? await privileges.removeTree(scratch.path) }
            throw told
        }
    }

    private func run(
        _ step: Step, in job: Job, _ scratch: borrowing JobScratch, onTerminal: Bool,
        onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> StepResult {
        var invocation = invocation(for: step, in: job, onTerminal: onTerminal)
        let lastLine = Mutex<[UInt8]>([])
        let clock = ContinuousClock()
        let start = clock.now
        let ended: ExitStatus
        do {
            if onTerminal {
                invocation.input = .inherited
                ended = try await invocation.run().status
            } else {
                ended = try await invocation.stream { line in
                    lastLine.withLock { $0 = line }
                    onEvent(.line(step: step.name, bytes: line))
                }
            }
        } catch let error as ExecError {
            try Task.checkCancellation()
            throw EngineError(.unavailable, "\(error)")
        }
        let status = try status(
            scratch.takeVerdict(), ended, of: step, in: scratch.path,
            said: lastLine.withLock { $0 })
        return StepResult(
            name: step.name, status: .exited(status), duration: start.duration(to: clock.now))
    }

    /// Distinguishes a step that failed from a root that could not be set up.
    private func status(
        _ verdict: JobScratch.Verdict?, _ ended: ExitStatus, of step: Step,
        in scratch: FilePath, said lastLine: [UInt8]
    ) throws -> Int32 {
        let said = ExecError.lastLine(of: lastLine)
        switch verdict {
        case .ran(let status): return status
        case .failed(let message):
            throw EngineError(.setup, message, hints: ["git zentoo doctor"])
        case .neverStarted:
            // bwrap exits with 1 for a missing command as for its own failures;
            // only its message distinguishes them. The exit statuses are those
            // of a shell.
            let prefix = "bwrap: execvp \(step.command[0]): "
            guard said.hasPrefix(prefix) else {
                throw EngineError(
                    .setup,
                    said.hasPrefix("bwrap: ")
                        ? said : "bwrap could not start step '\(step.name)', and did not say why",
                    hints: ["git zentoo doctor"])
            }
            return said.dropFirst(prefix.count) == "No such file or directory" ? 127 : 126
        case nil:
            // The launcher could not write a verdict, as on a full disk, but
            // exits with the step's status.
            if case .exited(let status) = ended, status != LocalLauncher.failure { return status }
            LocalStragglers.end(in: scratch)
            // Any other last line is output of the step, not a reason.
            let reason = said.hasPrefix("fatal: ") ? ": \(said)" : ""
            throw EngineError(
                .setup, "the launcher of step '\(step.name)' ended early (\(ended))\(reason)",
                hints: ["git zentoo doctor"])
        }
    }
}
