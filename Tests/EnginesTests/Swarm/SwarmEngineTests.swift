import TestSupport
import Testing

/// Real jobs in services of a real swarm that the tests start; all suites share
/// it.
@Suite(
    .serialized, .endsHangs, .swarm,
    .enabled(
        if: SwarmEngineFixture.isAvailable, "needs root, dockerd, docker-registry and busybox"))
struct SwarmEngineTests {
    @Test(arguments: EngineContract.StepClause.allCases)
    func keepsTheContract(_ clause: EngineContract.StepClause) async throws {
        try await SwarmEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.CompanionClause.allCases)
    func keepsTheContract(_ clause: EngineContract.CompanionClause) async throws {
        try await SwarmEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.RootClause.allCases)
    func keepsTheContract(_ clause: EngineContract.RootClause) async throws {
        try await SwarmEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.ConfinementClause.allCases)
    func keepsTheContract(_ clause: EngineContract.ConfinementClause) async throws {
        try await SwarmEngineFixture.with { try await $0.contract.check(clause) }
    }
}
