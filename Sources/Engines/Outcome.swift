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

    /// A step that has ended.
    public init(name: String, status: ExitStatus, duration: Duration) {
        self.name = name
        self.status = status
        self.duration = duration
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
}
