/// Where jobs run: this machine, a Docker daemon, a swarm.
///
/// An engine turns a ``Job`` into processes and their ends into an
/// ``Outcome``; it knows nothing of git, tuples or Portage. What an engine
/// cannot do it refuses with ``EngineError/Code/unsupported``, never silently.
public protocol Engine: Sendable {
    /// What the user calls it: `local`, `docker`, `swarm`.
    var name: String { get }

    /// How many processors a job has there; nil: all of this machine's.
    var processors: Int? { get }

    /// Whether jobs may have companions there (``Job/companions``).
    var runsCompanions: Bool { get }

    /// Finds out, before anything is begun, whether jobs can run here.
    ///
    /// - Throws: ``EngineError`` that names what is missing and how to mend it.
    func check() async throws

    /// Ends and removes what jobs left behind whose controlling process died,
    /// those of this engine and state directory; kept roots stay.
    ///
    /// - Returns: what was removed, each in a word or two.
    /// - Throws: ``EngineError`` when something cannot be removed.
    @discardableResult
    func sweep() async throws -> [String]

    /// Runs the steps of `job` one after the other in one root.
    ///
    /// After a step that fails only those marked ``Step/Condition/always``
    /// still run. Cancelling the task ends the job and everything it started;
    /// nothing of it is left running or mounted when the call returns, however
    /// it returns.
    ///
    /// - Parameter onEvent: called in the order of events, never twice at once.
    /// - Throws: ``EngineError`` when the job could not be run, which is not
    ///   the same as a step that failed; `CancellationError` when cancelled.
    func run(
        _ job: Job, onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome
}
