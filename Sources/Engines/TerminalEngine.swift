public import SystemPackage

/// An engine in whose roots a user can work: one that runs on the machine of
/// the user's terminal.
public protocol TerminalEngine: Engine {
    /// Runs a job as ``Engine/run(_:onEvent:)`` does, but the last step has
    /// this process' standard input, output and error, and its output is not
    /// reported as events.
    ///
    /// - Parameters:
    ///   - job: the job to run.
    ///   - then: returns further steps to run in the same root after that step
    ///     has ended; not called when that step did not run. Its argument is
    ///     the path of overlayfs' upper layer, which holds all changes to the
    ///     stage in the form that the kernel's documentation describes; nil for
    ///     a root that is not an overlay.
    ///   - onEvent: called in the order of events, never concurrently.
    /// - Returns: how the steps ended and where the root was kept.
    /// - Throws: ``EngineError`` when the job could not be run;
    ///   `CancellationError` when cancelled.
    func enter(
        _ job: Job,
        then: @escaping @Sendable (_ changes: FilePath?) async throws -> [Step],
        onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome
}
