public import Engines
public import Exec
internal import Synchronization
internal import SystemPackage

/// An engine that runs nothing: it does what a test says for each step, and
/// remembers the jobs it was given.
public final class FakeEngine: Engine {
    /// What a step does.
    public struct Behaviour: Sendable {
        /// What it says.
        public var lines: [[UInt8]]
        /// How it ends.
        public var status: ExitStatus
        /// Whether it never ends by itself.
        public var hangs: Bool

        /// A step that says `lines` and ends with `status`.
        public init(
            lines: [[UInt8]] = [], status: ExitStatus = .exited(0), hangs: Bool = false
        ) {
            self.lines = lines
            self.status = status
            self.hangs = hangs
        }
    }

    /// `fake`.
    public let name = "fake"
    /// All there are.
    public let processors: Int? = nil
    /// Not so: it would have to fake what they do.
    public let runsCompanions = false

    private let checkError: EngineError?
    private let behaviour: @Sendable (Step) throws -> Behaviour
    private let given = Mutex<[Job]>([])

    /// An engine whose steps do what `behaviour` says. What it throws, `run`
    /// throws: for a job that could not be run.
    ///
    /// - Parameter checkError: what ``check()`` throws.
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

    /// Throws what it was told to.
    public func check() async throws {
        if let checkError { throw checkError }
    }

    /// Nothing: what runs nothing leaves nothing.
    public func sweep() async throws -> [String] { [] }

    /// Does for each step what it was told to.
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
