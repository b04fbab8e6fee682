public import Exec
public import SystemPackage

/// How one step ended.
public struct StepResult: Sendable, Hashable {
    /// The step's name.
    public let name: String
    /// How its command ended.
    public let status: ExitStatus
    /// How long it took.
    public let duration: Duration
    /// Whether the kernel ended a process of it since the memory that the job
    /// may use was full: of a compiler's end by that its status tells nothing.
    public let ranOutOfMemory: Bool

    /// A step that has ended.
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
    /// Where the changed root was left, if the job keeps it.
    public let keptRoot: FilePath?

    /// A job that has ended.
    public init(steps: [StepResult], keptRoot: FilePath? = nil) {
        self.steps = steps
        self.keptRoot = keptRoot
    }

    /// The first step that failed.
    public var failure: StepResult? { steps.first { !$0.status.isSuccess } }

    /// Whether a step of this name ran, and did not fail.
    public func succeeded(in step: String) -> Bool {
        steps.contains { $0.name == step && $0.status.isSuccess }
    }
}
