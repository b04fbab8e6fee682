import Engines
import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A stage of another architecture: all its programs are emulated, and the
/// engine's own are not.
@Suite(
    .serialized, .endsHangs, .emulation, .docker,
    .enabled(
        if: Emulation.isAvailable && TestDaemon.isAvailable,
        "needs root, qemu-aarch64-static, dockerd and config/demo/prepare .build/demo"))
struct EmulationTests {
    private static func with(
        _ body: (_ stage: StageImage, _ directory: FilePath) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let stage = try EngineContractStage.make(
                at: directory.appending("stage"), busybox: Emulation.busybox)
            try #require(mkdir(directory.appending("state").string, 0o755) == 0)
            try await body(stage, directory)
        }
    }

    private static func local(in directory: FilePath) -> LocalEngine {
        LocalEngine(state: directory.appending("state"), launcher: BuiltPrograms.gitZentoo)
    }

    @Test(arguments: EngineContract.RootClause.allCases)
    func keepsTheContract(_ clause: EngineContract.RootClause) async throws {
        try await Self.with { stage, directory in
            try await EngineContract(
                engine: Self.local(in: directory), stage: stage, directory: directory
            ).check(clause)
        }
    }

    @Test(arguments: EngineContract.ConfinementClause.allCases)
    func keepsTheContract(_ clause: EngineContract.ConfinementClause) async throws {
        try await Self.with { stage, directory in
            try await EngineContract(
                engine: Self.local(in: directory), stage: stage, directory: directory
            ).check(clause)
        }
    }

    @Test(arguments: [EngineName.local, .docker])
    func emulationIsReported(_ name: EngineName) async throws {
        try await Self.with { stage, directory in
            let daemon = try #require(TestDaemon.shared)
            let engine: any Engine =
                name == .local
                ? Self.local(in: directory)
                : DockerEngine(
                    docker: daemon.docker, state: directory.appending("state"),
                    storage: ContainerStorage([.init(directory.appending("state"))]),
                    privileges: .ofTests)
            let log = EventLog()
            let outcome = try await engine.run(
                Job(
                    id: "emulated", root: .overlay(stage),
                    steps: [Step(name: "machine", command: ["busybox", "uname", "-m"])])
            ) { log.append($0) }
            #expect(outcome.failure == nil)
            #expect(log.text == ["aarch64"])
            #expect(
                log.all.contains { event in
                    if case .notice(.emulated(let program)) = event {
                        program.hasSuffix("aarch64")
                    } else {
                        false
                    }
                })
        }
    }

    enum EngineName { case local, docker }
}
