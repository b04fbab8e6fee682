internal import Builds
internal import Engines
internal import Records
internal import Sites

extension Session {
    /// Cleans up after killed builds, and reports it.
    func recover(_ machine: Machine) async throws {
        let isSwept = try await sweep(machine)
        let report = try await Recovery(machine: machine).run(clearing: isSwept)
        for build in report.completed {
            context.output.status(
                "completed the record of build \(build.build.description) of \(build.series.description)"
            )
        }
        for obstacle in report.obstacles { context.output.warning("\(obstacle)") }
        for build in report.abandoned {
            context.output.status(
                "build \(build.description) was killed; what it compiled is reused")
        }
    }

    /// Removes what jobs of the usual engine have left. An unreachable daemon
    /// only prevents jobs that run there; it is a warning unless `--engine`
    /// names that engine.
    ///
    /// - Returns: whether the engine could be swept.
    private func sweep(_ machine: Machine) async throws -> Bool {
        guard let engines = machine.engines, engines.usual != .local else {
            try await machine.engine.sweep()
            return true
        }
        do {
            _ = try await engines.ready(engines.usual)
            return true
        } catch let error as EngineError
            where engines.forced == nil && error.code == .unavailable
        {
            context.output.warning(
                "engine '\(engines.usual.rawValue)' is out of reach: \(error.message)")
            for hint in error.hints { context.output.hint("\(hint)") }
            return false
        }
    }
}
