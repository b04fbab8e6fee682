internal import Glibc
public import Testing

/// How long tests wait for something before they report a hang.
///
/// No limit is a requirement on the machine's speed: on a busy machine
/// everything may take ten times as long. Each limit is far beyond that and
/// only ends what would never end. `ZENTOO_TEST_PATIENCE`, a whole number,
/// multiplies all of them for a machine that is slower still.
public enum Patience {
    /// The value of `ZENTOO_TEST_PATIENCE`, 1 if it is not set.
    public static let factor = max(
        1, getenv("ZENTOO_TEST_PATIENCE").flatMap { Int(String(cString: $0)) } ?? 1)

    /// The limit of one wait.
    public static let limit = Duration.seconds(300 * factor)

    /// Waits until a condition holds.
    ///
    /// - Parameters:
    ///   - what: the awaited event, for the message.
    ///   - interval: the time between two checks.
    /// - Throws: ``NothingCame`` if the limit is reached; what `isSo` throws.
    public static func wait(
        for what: @autoclosure () -> String, every interval: Duration = .milliseconds(50),
        until isSo: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while try await !isSo() {
            guard ContinuousClock.now < deadline else { throw NothingCame(what: what()) }
            try await Task.sleep(for: interval)
        }
    }
}

/// An awaited event did not happen within the limit.
public struct NothingCame: Error, CustomStringConvertible {
    /// The awaited event.
    public let what: String

    /// The message for the log.
    public var description: String { "waited \(Patience.limit) in vain: \(what)" }
}

extension Trait where Self == TimeLimitTrait {
    /// Ends a test that hangs.
    public static var endsHangs: Self { .timeLimit(.minutes(30 * Patience.factor)) }
}
