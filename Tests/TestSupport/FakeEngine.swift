public import Engines
public import Exec
internal import Synchronization
internal import SystemPackage

/// An engine that runs nothing: a test defines the behaviour of each step, and
/// the engine records the jobs it is given.
public final class FakeEngine: Engine {
    /// The behaviour of a step.
    public struct Behaviour: Sendable {
        /// The output lines.
        public var lines: [[UInt8]]
        /// The exit status.
        public var status: ExitStatus
        /// Whether it never ends by itself.
        public var hangs: Bool

        /// Creates a step that prints `lines` and ends with `status`.
        public init(
            lines: [[UInt8]] = [], status: ExitStatus = .exited(0), hangs: Bool = false
        ) {
            self.lines = lines
            self.status = status
            self.hangs = hangs
        }
    }

    /// The name `fake`.
    public let name = "fake"
    /// Unlimited.
    public let processors: Int? = nil
    /// Companions are not supported: their behaviour would have to be faked.
    public let runsCompanions = false

    private let checkError: EngineError?
    private let behaviour: @Sendable (Step) throws -> Behaviour
    private let given = Mutex<[Job]>([])

    /// Creates an engine whose steps behave as `behaviour` returns. An error that
    /// it throws is thrown by `run`, as for a job that could not be run.
    ///
    /// - Parameter checkError: the error thrown by ``check()``.
    public init(
        checkError: EngineError? = nil,
        behaviour: @escaping @Sendable (Step) throws -> Behaviour = { step in
            throw EngineError(.unsupported, "no behaviour was set for step '\(step.name)'")
        }
    ) {
        self.checkError = checkError
        self.behaviour = behaviour
    }

    /// The jobs it was given, in order.
    public var jobs: [Job] { given.withLock { $0 } }

    /// Throws the error given at creation, if any.
    public func check() async throws {
        if let checkError { throw checkError }
    }

    /// Returns nothing: an engine that runs nothing leaves nothing.
    public func sweep() async throws -> [String] { [] }

    /// Performs the defined behaviour of each step.
    public func run(
        _ job: Job, onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome {
        guard job.companions.isEmpty else {
            throw EngineError(.unsupported, "the fake engine has no companions")
        }
        given.withLock { $0.append(job) }
        var results: [StepResult] = []
        for step in job.steps {
            let isFailed = results.contains { !$0.status.isSuccess }
            guard !isFailed || step.condition == .always else { continue }
            try Task.checkCancellation()
            onEvent(.started(step: step.name))
            let behaviour = try behaviour(step)
            for line in behaviour.lines { onEvent(.line(step: step.name, bytes: line)) }
            if behaviour.hangs { try await Task.sleep(for: .seconds(3600)) }
            let result = StepResult(
                name: step.name, status: behaviour.status, duration: .zero)
            onEvent(.ended(result))
            results.append(result)
        }
        return Outcome(steps: results, keptRoot: job.keepsRoot ? "/fake/root" : nil)
    }
}
