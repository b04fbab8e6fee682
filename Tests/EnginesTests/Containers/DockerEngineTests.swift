import Engines
import Exec
import SystemPackage
import TestSupport
import Testing

/// Real jobs in real containers, run by a Docker daemon that the tests start.
@Suite(
    .serialized, .endsHangs, .docker,
    .enabled(if: DockerEngineFixture.isAvailable, "needs root, dockerd and a static busybox"))
struct DockerEngineTests {
    @Test(arguments: EngineContract.StepClause.allCases)
    func keepsTheContract(_ clause: EngineContract.StepClause) async throws {
        try await DockerEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.CompanionClause.allCases)
    func keepsTheContract(_ clause: EngineContract.CompanionClause) async throws {
        try await DockerEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.RootClause.allCases)
    func keepsTheContract(_ clause: EngineContract.RootClause) async throws {
        try await DockerEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.ConfinementClause.allCases)
    func keepsTheContract(_ clause: EngineContract.ConfinementClause) async throws {
        try await DockerEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test func statusListsJobsAndStages() async throws {
        try await DockerEngineFixture.with { fixture in
            let local = LocalEngine(
                state: fixture.state, launcher: BuiltPrograms.gitZentoo, privileges: .ofTests)
            try await EngineStatusClause.check(fixture.engine, local, stage: fixture.stage)
            let status = try await fixture.engine.status()
            #expect(status.version.hasPrefix("Docker "))
            let stages = try #require(status.places.first?.stages)
            let stage = try #require(stages.first { $0.digest == fixture.stage.digest })
            #expect(stage.image == ContainerShell.image(of: fixture.stage.digest))
            #expect(stage.size > 1 << 16)
        }
    }
}
