/// How long a build has worked: by a clock that nobody sets, without the time
/// it waited for another build.
struct Stopwatch {
    private let start = ContinuousClock.now
    private var waited = Duration.zero

    /// Whole seconds of work until now.
    var seconds: Int { Int((start.duration(to: .now) - waited).components.seconds) }

    /// Does something whose time does not count, such as waiting for a lock.
    mutating func pausing<Result: ~Copyable>(
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        let pause = ContinuousClock.now
        let result = try await body()
        waited += pause.duration(to: .now)
        return result
    }
}
