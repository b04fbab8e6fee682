internal import Glibc
public import Testing

/// How long tests wait for something before they call it a hang.
///
/// No limit of a test says how fast the machine must be: on a busy one
/// everything takes ten times as long and is as right. Each is far beyond what
/// that takes, and only ends what would never end. `ZENTOO_TEST_PATIENCE`, a
/// whole number, multiplies all of them, for a machine that is slower still.
public enum Patience {
    /// `ZENTOO_TEST_PATIENCE`; 1 unless it is set.
    public static let factor = max(
        1, getenv("ZENTOO_TEST_PATIENCE").flatMap { Int(String(cString: $0)) } ?? 1)

    /// How long one thing is waited for.
    public static let limit = Duration.seconds(300 * factor)

    /// Waits until something is so.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the message.
    ///   - interval: how long to wait between two looks.
    /// - Throws: ``NothingCame`` when it did not come; what `isSo` throws.
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

/// Something did not happen, however long a test waited.
public struct NothingCame: Error, CustomStringConvertible {
    /// What was waited for.
    public let what: String

    /// A line for the log.
    public var description: String { "waited \(Patience.limit) in vain: \(what)" }
}

extension Trait where Self == TimeLimitTrait {
    /// Ends a test that hangs.
    public static var endsHangs: Self { .timeLimit(.minutes(30 * Patience.factor)) }
}
