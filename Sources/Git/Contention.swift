#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Retries after conflicts with other processes. libgit2 never waits for a
/// lock: two writers in a loop are refused in more than a third of their calls.
enum Contention {
    /// Longer than any writer holds a lock on a busy disk, but short enough if
    /// a killed process left a lock file behind.
    static let patience = Duration.seconds(3)

    /// Longer than any number of writers needs to take turns on one reference.
    static let longPatience = Duration.seconds(60)

    /// Retries `body` while it fails because of a lock, with pauses that differ
    /// between processes.
    static func retryingLocks<Result>(_ body: () throws -> Result) throws -> Result {
        let start = ContinuousClock.now
        var attempt = 0
        while true {
            do {
                return try body()
            } catch let error as GitError where error.code == .locked {
                // Hints show that an inner call has already waited long enough.
                guard error.hints.isEmpty, ContinuousClock.now - start < patience else {
                    // The message names the file.
                    throw GitError(
                        .locked, error.message,
                        hints: ["remove that file if no git process is running"])
                }
                attempt += 1
                pause(attempt)
            }
        }
    }

    /// Retries `body` until it returns a value; it returns `nil` when another
    /// process was faster.
    ///
    /// In each round some process succeeds, so this ends as soon as the others
    /// are done.
    static func retryingRaces<Result>(
        over name: String, _ body: () throws -> Result?
    ) throws -> Result {
        let start = ContinuousClock.now
        var attempt = 0
        while true {
            if let result = try body() { return result }
            guard ContinuousClock.now - start < longPatience else {
                throw GitError(.conflict, "'\(name)' keeps being moved by other processes")
            }
            attempt += 1
            pause(attempt)
        }
    }

    private static func pause(_ attempt: Int) {
        let longest = min(200 << min(attempt, 5), 5_000)
        usleep(UInt32.random(in: 100...UInt32(longest)))
    }
}
