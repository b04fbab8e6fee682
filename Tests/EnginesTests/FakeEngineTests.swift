import Engines
import Exec
import SystemPackage
import TestSupport
import Testing

/// The fake engine must satisfy the contract of the real ones; otherwise tests
/// that use it would prove nothing.
@Suite(.serialized) struct FakeEngineTests {
    private static let actions: @Sendable (Step) throws -> FakeEngine.Behaviour = { step in
        let words = step.command.dropFirst()
        switch step.command.first {
        case "exit": return .init(status: .exited(words.first.flatMap { Int32($0) } ?? 0))
        case "alternate": return .init(lines: words.map { Array($0.utf8) })
        case "odd": return .init(lines: [[0xff, 0xfe, 0x01], [0xc3, 0x28]])
        case "flood":
            let line = [UInt8](repeating: 120, count: EngineContract.Action.floodWidth)
            return .init(
                lines: Array(repeating: line, count: words.first.flatMap { Int($0) } ?? 0))
        default: return .init(lines: [Array("ready".utf8)], hangs: true)
        }
    }

    private static let contract = EngineContract(
        engine: FakeEngine(behaviour: actions),
        stage: StageImage(name: "none", digest: "0", tree: "/none"), directory: "/none",
        command: { action in
            switch action {
            case .exit(let status): ["exit", String(status)]
            case .alternate(let words): ["alternate"] + words
            case .sayOddBytes: ["odd"]
            case .flood(let lines): ["flood", String(lines)]
            case .hang: ["hang"]
            }
        })

    @Test(arguments: EngineContract.CompanionClause.allCases)
    func keepsTheContract(_ clause: EngineContract.CompanionClause) async throws {
        try await Self.contract.check(clause)
    }

    @Test(arguments: EngineContract.StepClause.allCases)
    func keepsTheContract(_ clause: EngineContract.StepClause) async throws {
        try await Self.contract.check(clause)
    }

    @Test func unsetBehaviourFails() async {
        let job = Job(
            id: "x",
            root: .directory("/none", of: StageImage(name: "none", digest: "", tree: "/none")),
            steps: [Step(name: "s", command: ["true"])])
        await #expect(throws: EngineError.self) { try await FakeEngine().run(job) { _ in } }
    }

    @Test func fakeEngineRecordsJobsAndFailsCheck() async throws {
        let engine = FakeEngine(checkError: EngineError(.unavailable, "no daemon")) { _ in .init() }
        await #expect(throws: EngineError.self) { try await engine.check() }
        let job = Job(
            id: "x",
            root: .directory("/none", of: StageImage(name: "none", digest: "", tree: "/none")),
            steps: [], keepsRoot: true)
        let outcome = try await engine.run(job) { _ in }
        #expect(outcome.keptRoot != nil)
        #expect(engine.jobs == [job])
    }
}
