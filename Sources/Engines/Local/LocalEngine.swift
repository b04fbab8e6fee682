internal import Exec
internal import Synchronization
public import SystemPackage

/// Runs jobs on this machine: an overlay in a mount namespace of its own,
/// confined by bubblewrap, without a daemon.
///
/// A plain user needs ids in `/etc/subuid` (see ``Privileges``); the steps
/// then have no power over anything that the user has none over. Run by root
/// the steps are the machine's root in a user namespace of their own: with no
/// power over the machine but what files allow to their owner; see
/// ``KernelFileSystems``.
public struct LocalEngine: TerminalEngine {
    /// `local`.
    public var name: String { "local" }
    /// All of this machine's.
    public var processors: Int? { nil }
    /// Not so: its one machine compiles as well without.
    public var runsCompanions: Bool { false }

    let state: FilePath
    let launcher: FilePath
    let privileges: Privileges

    /// An engine; nothing is checked or made yet.
    ///
    /// - Parameters:
    ///   - state: where jobs have their scratch directories, `<state>/jobs/<id>`.
    ///   - launcher: the git-zentoo program, which calls ``LocalLauncher``.
    ///   - privileges: how files of other ids are acted on; those of this
    ///     process by default.
    public init(state: FilePath, launcher: FilePath, privileges: Privileges? = nil) {
        self.state = state
        self.launcher = launcher
        self.privileges = privileges ?? .current(launcher: launcher)
    }

    /// Runs the job in `<state>/jobs/<id>`, which is gone afterwards.
    ///
    /// With ``Job/keepsRoot`` it stays, and another job of the same id and
    /// stage goes on in it.
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
            // The error that ended the job is the one to tell; what cannot be
            // removed now is removed by the next sweep.
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

    /// Tells a step that failed from a root that could not be set up.
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
            // bwrap exits 1 for a missing command as for its own failures;
            // its message is all that tells them apart. The numbers are a
            // shell's.
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
            // It could not write one, as on a full disk, and ends as the step did.
            if case .exited(let status) = ended, status != LocalLauncher.failure { return status }
            LocalStragglers.end(in: scratch)
            // What else was said last is the step's, and no reason.
            let reason = said.hasPrefix("fatal: ") ? ": \(said)" : ""
            throw EngineError(
                .setup, "the launcher of step '\(step.name)' ended early (\(ended))\(reason)",
                hints: ["git zentoo doctor"])
        }
    }
}
