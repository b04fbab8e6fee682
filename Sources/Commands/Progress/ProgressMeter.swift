internal import Synchronization

/// Shows how far something is while it runs: one live line on a terminal,
/// a plain line for each new subject elsewhere, nothing under `--quiet`.
final class ProgressMeter: Sendable {
    private struct State: Sendable {
        var progress: ProgressState
        var lastDrawn: ContinuousClock.Instant?
        var lastPlain: String?
        var hasEnded = false
    }

    /// More often than this nobody can read, and a terminal over a slow line
    /// would slow the build down.
    private static let interval = Duration.milliseconds(100)

    private let output: Output
    private let start: ContinuousClock.Instant
    private let state: Mutex<State>

    init(_ activity: String, output: Output, start: ContinuousClock.Instant = .now) {
        self.output = output
        self.start = start
        state = Mutex(State(progress: ProgressState(activity: activity)))
    }

    /// Takes in news; may be called from any task and as often as there are some.
    func update(_ change: @Sendable (inout ProgressState) -> Void) {
        state.withLock { state in
            change(&state.progress)
            guard !state.hasEnded else { return }
            guard output.drawsLiveLine else { return plain(&state) }
            let now = ContinuousClock.now
            if let last = state.lastDrawn, now - last < Self.interval { return }
            draw(&state, now)
        }
    }

    /// Lets time pass on the live line.
    func tick() {
        guard output.drawsLiveLine else { return }
        state.withLock { state in
            if !state.hasEnded { draw(&state, .now) }
        }
    }

    /// Takes the live line away for good: what comes now has the terminal.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            output.showLiveLine("")
        }
    }

    private func draw(_ state: inout State, _ now: ContinuousClock.Instant) {
        state.lastDrawn = now
        output.showLiveLine(
            state.progress.liveLine(elapsed: now - start, columns: output.columns))
    }

    private func plain(_ state: inout State) {
        let line = state.progress.plainLine
        guard line != state.lastPlain else { return }
        state.lastPlain = line
        output.status("\(line)")
    }
}

extension Output {
    /// Shows progress while `body` runs, and takes the live line away when it
    /// returns, however it returns.
    func withProgress<Result: Sendable>(
        _ activity: String, isolation: isolated (any Actor)? = #isolation,
        _ body: (ProgressMeter) async throws -> Result
    ) async throws -> Result {
        let meter = ProgressMeter(activity, output: self)
        defer { showLiveLine("") }
        guard drawsLiveLine else { return try await body(meter) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    meter.tick()
                    try await Task.sleep(for: .milliseconds(500))
                }
            }
            defer { group.cancelAll() }
            return try await body(meter)
        }
    }
}
