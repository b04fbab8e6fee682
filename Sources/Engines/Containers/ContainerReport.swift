internal import Exec

/// Parses the output of `runner.sh`: the output of the steps and, between it,
/// lines of its own, which begin with a mark that no step knows.
struct ContainerReport {
    /// How the report ended.
    enum End: Hashable {
        /// All steps that were due have run.
        case complete
        /// The root could not be set up, with the reason.
        case failed(String)
        /// A directory is not the expected one, with the path of its marker in
        /// the container.
        case foreign(String)
        /// The report is incomplete, with the step that was running, if any.
        case cutShort(step: Step?)

        /// Whether the runner reported how it ended.
        var isStated: Bool { if case .cutShort = self { false } else { true } }
    }

    private let mark: [UInt8]
    private let steps: [Step]
    private let clock = ContinuousClock()
    private var current: (index: Int, start: ContinuousClock.Instant)?
    private var stated: End?
    /// Whether an empty line is held back, since the newline before a mark may
    /// have caused it.
    private var isEmptyLineHeld = false
    /// The steps that have ended, in order.
    private(set) var results: [StepResult] = []
    /// The last lines of output from outside the steps.
    private var strayLines: [String] = []

    init(of steps: [Step], mark: String) {
        self.steps = steps
        self.mark = Array("\(mark) ".utf8)
    }

    /// The error message of Docker, which may be followed by a hint about help.
    var complaint: String? {
        strayLines.first { $0.hasPrefix("docker: ") } ?? strayLines.last
    }

    /// How the report ended, once all lines have been taken.
    var end: End { stated ?? .cutShort(step: current.map { steps[$0.index] }) }

    /// Processes the next line, without its newline.
    mutating func take(_ line: [UInt8], _ onEvent: (JobEvent) -> Void) {
        if line.starts(with: mark) {
            isEmptyLineHeld = false
            note(String(decoding: line.dropFirst(mark.count), as: UTF8.self), onEvent)
            return
        }
        if isEmptyLineHeld { pass([], onEvent) }
        isEmptyLineHeld = line.isEmpty
        if !line.isEmpty { pass(line, onEvent) }
    }

    private mutating func pass(_ line: [UInt8], _ onEvent: (JobEvent) -> Void) {
        guard let current else {
            if !line.isEmpty {
                strayLines = (strayLines + [String(decoding: line, as: UTF8.self)]).suffix(5)
            }
            return
        }
        onEvent(.line(step: steps[current.index].name, bytes: line))
    }

    private mutating func note(_ text: String, _ onEvent: (JobEvent) -> Void) {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        let numbers = rest.split(separator: " ").compactMap { Int($0) }
        switch words.first {
        case "started":
            guard let index = numbers.first, steps.indices.contains(index) else { return }
            current = (index, clock.now)
            onEvent(.started(step: steps[index].name))
        case "ended":
            guard numbers.count == 3, let current, current.index == numbers[0],
                let status = Int32(exactly: numbers[1])
            else { return }
            end(current, .exited(status), ranOutOfMemory: numbers[2] > 0, onEvent)
        case "failed": stated = .failed(rest)
        case "foreign": stated = .foreign(rest)
        case "done": stated = .complete
        default: break
        }
    }

    /// Ends the current step, which was killed with the whole container because
    /// memory ran out.
    mutating func killCurrentStep(_ onEvent: (JobEvent) -> Void) {
        guard let current else { return }
        end(current, .signaled(9), ranOutOfMemory: true, onEvent)
        stated = .complete
    }

    private mutating func end(
        _ step: (index: Int, start: ContinuousClock.Instant), _ status: ExitStatus,
        ranOutOfMemory: Bool, _ onEvent: (JobEvent) -> Void
    ) {
        let result = StepResult(
            name: steps[step.index].name, status: status,
            duration: step.start.duration(to: clock.now),
            ranOutOfMemory: ranOutOfMemory && !status.isSuccess)
        current = nil
        results.append(result)
        onEvent(.ended(result))
    }
}
