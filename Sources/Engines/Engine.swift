/// A place where jobs run: this machine, a Docker daemon, a swarm.
///
/// An engine runs the processes of a ``Job`` and reports how they ended as an
/// ``Outcome``; it knows nothing of git, tuples or Portage. An engine refuses
/// what it cannot do with ``EngineError/Code/unsupported``, never silently.
public protocol Engine: Sendable {
    /// The name by which users select it: `local`, `docker`, `swarm`.
    var name: String { get }

    /// The number of processors available to a job; nil: all of this machine's.
    var processors: Int? { get }

    /// Whether jobs may have companions (``Job/companions``).
    var runsCompanions: Bool { get }

    /// Checks whether jobs can run here, before anything is started.
    ///
    /// - Throws: ``EngineError`` that names what is missing and how to fix it.
    func check() async throws

    /// Ends and removes the remains of jobs whose controlling process died, for
    /// this engine and state directory only; kept roots stay.
    ///
    /// - Returns: what was removed, each item in a word or two.
    /// - Throws: ``EngineError`` when something cannot be removed.
    @discardableResult
    func sweep() async throws -> [String]

    /// Runs the steps of `job` one after the other in one root.
    ///
    /// After a step fails, only steps marked ``Step/Condition/always`` still
    /// run. Cancelling the task ends the job and every process it started;
    /// nothing of it is left running or mounted when the call returns, however
    /// it returns.
    ///
    /// - Parameters:
    ///   - job: the job to run.
    ///   - onEvent: called in the order of events, never concurrently.
    /// - Returns: how the steps ended and where the root was kept.
    /// - Throws: ``EngineError`` when the job could not be run, which is not
    ///   the same as a step that failed; `CancellationError` when cancelled.
    func run(
        _ job: Job, onEvent: @escaping @Sendable (JobEvent) -> Void
    ) async throws -> Outcome
}
