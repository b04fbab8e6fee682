import Engines
import Exec
import SystemPackage
import TestSupport
import Testing

/// Real jobs in real containers, of a daemon of the tests' own.
@Suite(
    .serialized, .timeLimit(.minutes(5)), .docker,
    .enabled(if: DockerEngineFixture.isAvailable, "needs root, dockerd and a static busybox"))
struct DockerEngineTests {
    @Test(arguments: EngineContract.StepClause.allCases)
    func keepsTheContract(_ clause: EngineContract.StepClause) async throws {
        try await DockerEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.RootClause.allCases)
    func keepsTheContract(_ clause: EngineContract.RootClause) async throws {
        try await DockerEngineFixture.with { try await $0.contract.check(clause) }
    }
}
