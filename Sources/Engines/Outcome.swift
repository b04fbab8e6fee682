public import Exec
public import SystemPackage

/// How one step ended.
public struct StepResult: Sendable, Hashable {
    /// The step's name.
    public let name: String
    /// How its command ended.
    public let status: ExitStatus
    /// The duration of the step.
    public let duration: Duration
    /// Whether the kernel killed one of its processes because the job's memory
    /// limit was reached: the status of a compiler driver does not show that.
    public let ranOutOfMemory: Bool

    /// Creates the result of a step that has ended.
    public init(
        name: String, status: ExitStatus, duration: Duration, ranOutOfMemory: Bool = false
    ) {
        self.name = name
        self.status = status
        self.duration = duration
        self.ranOutOfMemory = ranOutOfMemory
    }
}

/// How a job ended.
public struct Outcome: Sendable, Hashable {
    /// The steps that ran, in order.
    public let steps: [StepResult]
    /// The path of the changed root, if the job keeps it.
    public let keptRoot: FilePath?

    /// Creates the outcome of a job that has ended.
    public init(steps: [StepResult], keptRoot: FilePath? = nil) {
        self.steps = steps
        self.keptRoot = keptRoot
    }

    /// The first step that failed.
    public var failure: StepResult? { steps.first { !$0.status.isSuccess } }

    /// Returns whether a step of this name ran and succeeded.
    public func succeeded(in step: String) -> Bool {
        steps.contains { $0.name == step && $0.status.isSuccess }
    }
}
