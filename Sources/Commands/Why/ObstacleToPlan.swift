internal import Engines
internal import Exec
internal import Sites

/// An error that prevents a plan, but not an answer from the records: a part, a
/// stage or an engine that is not here.
protocol ObstacleToPlan: Error {}

extension EngineError: ObstacleToPlan {}
extension ExecError: ObstacleToPlan {}
extension RepositoryError: ObstacleToPlan {}
extension StageError: ObstacleToPlan {}
extension ZentooError: ObstacleToPlan {}
