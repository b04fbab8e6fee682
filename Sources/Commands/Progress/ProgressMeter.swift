internal import Synchronization

/// A display of the progress of an activity: one live line on a terminal, a
/// plain line for each new subject elsewhere, nothing under `--quiet`.
final class ProgressMeter: Sendable {
    private struct State: Sendable {
        var progress: ProgressState
        var lastDrawn: ContinuousClock.Instant?
        var lastPlain: String?
        var hasEnded = false
    }

    /// The minimum time between two drawings: more frequent ones cannot be
    /// read, and a terminal on a slow connection would slow down the build.
    private static let interval = Duration.milliseconds(100)

    private let output: Output
    private let start: ContinuousClock.Instant
    private let state: Mutex<State>

    init(_ activity: String, output: Output, start: ContinuousClock.Instant = .now) {
        self.output = output
        self.start = start
        state = Mutex(State(progress: ProgressState(activity: activity)))
    }

    /// Updates the progress. May be called from any task and at any rate.
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

    /// Redraws the live line with the current time.
    func tick() {
        guard output.drawsLiveLine else { return }
        state.withLock { state in
            if !state.hasEnded { draw(&state, .now) }
        }
    }

    /// Removes the live line permanently, because something else uses the
    /// terminal from now on.
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
    /// Shows progress while `body` runs, and removes the live line when it
    /// returns or throws.
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
