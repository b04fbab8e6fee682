public import SystemPackage

/// An engine in whose roots a person can work: one that runs on the machine at
/// whose terminal the person sits.
public protocol TerminalEngine: Engine {
    /// As ``Engine/run(_:onEvent:)``, but the last step has our own standard
    /// input, output and error, and nothing of it comes as an event.
    ///
    /// - Parameter then: says what more is to be done in the same root when
    ///   that step has ended; not called when it did not run. It is told
    ///   where all lies that is not the stage's: overlayfs' upper layer, whose
    ///   form is that of the kernel's documentation. Nil for a root that is no
    ///   overlay.
    func enter(
        _ job: Job,
        then: @escaping @Sendable (_ changes: FilePath?) async throws -> [Step],
        onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome
}
