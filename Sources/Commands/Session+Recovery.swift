internal import Engines
internal import Zentoo

extension Session {
    /// Cleans up after builds that were killed, and says so.
    func recover(_ machine: Machine) async throws {
        // A daemon that is out of reach says so better when it is asked.
        if machine.engine.name != EngineName.local.rawValue { try await machine.engine.check() }
        try await machine.engine.sweep()
        let report = try await Recovery(machine: machine).run()
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
}
