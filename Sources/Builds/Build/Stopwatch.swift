/// The time that a build has worked, by a monotonic clock, without the time it
/// waited for other builds.
struct Stopwatch {
    private let now: @Sendable () -> ContinuousClock.Instant
    private let start: ContinuousClock.Instant
    private var waited = Duration.zero

    /// Starts at the current instant of a clock.
    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
        start = now()
    }

    /// The whole seconds of work until now.
    var seconds: Int { Int((start.duration(to: now()) - waited).components.seconds) }

    /// Runs a body whose time does not count, such as waiting for a lock.
    mutating func pausing<Result: ~Copyable>(
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        let pause = now()
        let result = try await body()
        waited += pause.duration(to: now())
        return result
    }
}
