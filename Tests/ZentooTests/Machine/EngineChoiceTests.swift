@testable import Builds
import Engines
import Git
@testable import Sites
import Synchronization
import TestSupport
import Testing

/// Which engine runs a tuple's jobs, and what has to happen first.
@Suite struct EngineChoiceTests {
    /// An engine that logs each call.
    private struct Noting: Engine {
        var processors: Int? { nil }
        var runsCompanions: Bool { false }
        let name: String
        let log: Log
        var obstacle: EngineError?

        func check() async throws {
            log.note("check \(name)")
            if let obstacle { throw obstacle }
        }

        func sweep() async throws -> [String] {
            log.note("sweep \(name)")
            return []
        }

        func run(
            _ job: Job, onEvent: @escaping @Sendable (JobEvent) -> Void
        ) async throws -> Outcome { Outcome(steps: []) }
    }

    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func note(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func choice(
        _ log: Log, forced: EngineName? = nil, standard: EngineName = .local,
        failing: EngineName? = nil
    ) -> EngineChoice {
        EngineChoice(forced: forced, standard: standard) { name in
            Noting(
                name: name.rawValue, log: log,
                obstacle: name == failing ? EngineError(.unavailable, "no daemon") : nil)
        }
    }

    @Test func commandOverridesTupleOverridesSetting() {
        var options = TupleOptions()
        #expect(choice(Log(), standard: .docker).name(for: options) == .docker)
        options.engine = .swarm
        #expect(choice(Log(), standard: .docker).name(for: options) == .swarm)
        #expect(choice(Log(), forced: .local, standard: .docker).name(for: options) == .local)
        #expect(choice(Log(), forced: .local, standard: .docker).usual == .local)
    }

    @Test func engineIsCheckedAndSweptOnce() async throws {
        let log = Log()
        let choice = choice(log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 { group.addTask { _ = try await choice.ready(.docker) } }
            try await group.waitForAll()
        }
        #expect(log.all == ["check docker", "sweep docker"])
    }

    @Test func unavailableEngineIsCheckedAgain() async throws {
        let log = Log()
        let choice = choice(log, failing: .docker)
        for _ in 0..<2 {
            await #expect(throws: EngineError.self) { try await choice.ready(.docker) }
        }
        #expect(log.all == ["check docker", "check docker"])
    }

    @Test func machineUsesEngineOfTuple() async throws {
        try await TemporaryRepository.with { temporary in
            var fixture = SiteFixture()
            fixture["main", "config/tuples"] = "a-base-default-web engine=docker\n"
            try fixture.commit(to: temporary)
            let site = try Site(ZentooName("main"), in: temporary.open(), remote: nil)
            let log = Log()
            let tuple = try site.tuple(named: "a-base-default-web")
            for (forced, expected) in [(nil, "docker"), (EngineName.local, "local")] {
                let choice = choice(log, forced: forced)
                let machine = Machine(
                    repository: temporary.gitDirectory,
                    state: StateDirectory(path: temporary.gitDirectory),
                    engine: try choice.engine(choice.usual), engines: choice,
                    privileges: .ofTests, remote: nil, identity: TemporaryRepository.signature,
                    signer: nil, git: temporary.git, sources: [:], parallelism: 1)
                #expect(machine.engine.name == "local")
                #expect(try await machine.working(on: tuple, of: site).engine.name == expected)
            }
            #expect(log.all == ["check docker", "sweep docker"])
        }
    }

    @Test func unknownEngineIsReportedWithKnownOnes() {
        let error = #expect(throws: ZentooError.self) {
            try EngineName("cloud", in: "zentoo.engine")
        }
        #expect(error?.message == "unknown engine 'cloud' in zentoo.engine")
        #expect(error?.hints.first?.contains("local, docker, swarm") == true)
    }
}
