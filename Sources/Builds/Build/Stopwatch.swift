/// How long a build has worked: by a clock that nobody sets, without the time
/// it waited for another build.
struct Stopwatch {
    private let now: @Sendable () -> ContinuousClock.Instant
    private let start: ContinuousClock.Instant
    private var waited = Duration.zero

    /// Starts at the present of a clock.
    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
        start = now()
    }

    /// Whole seconds of work until now.
    var seconds: Int { Int((start.duration(to: now()) - waited).components.seconds) }

    /// Does something whose time does not count, such as waiting for a lock.
    mutating func pausing<Result: ~Copyable>(
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        let pause = now()
        let result = try await body()
        waited += pause.duration(to: now())
        return result
    }
}
