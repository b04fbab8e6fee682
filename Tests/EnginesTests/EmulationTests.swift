import Engines
import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A stage of another processor: all its programs are emulated, and the engine's
/// own are not.
@Suite(
    .serialized, .timeLimit(.minutes(5)), .emulation, .docker,
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

    @Test(arguments: [EngineName.local, .docker])
    func itIsSaid(_ name: EngineName) async throws {
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

/// Programs for arm64 on a machine of another kind.
enum Emulation {
    private static let sources = FilePath("\(#filePath)").removingLastComponent()
        .removingLastComponent().removingLastComponent()

    /// Debian's, as `config/demo/prepare` fetches it.
    static let busybox = sources.appending(".build/demo/busybox-arm64")
    static let program = "/usr/bin/qemu-aarch64-static"
    static let registry: FilePath = "/proc/sys/fs/binfmt_misc"
    /// What we register, in place of the distribution's own.
    static let name = "zentoo-tests-aarch64"

    static let isAvailable =
        geteuid() == 0 && access(program, X_OK) == 0 && access(busybox.string, R_OK) == 0

    /// As qemu's own scripts have it: elf(5), of 64 bits, little-endian, EM_AARCH64.
    /// Flag P keeps argv[0], by which busybox knows what it is.
    static let entry =
        #":\#(name):M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"#
        + #":\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:"#
        + "\(program):PF"
}

/// Has this machine's kernel run programs for arm64 while a suite runs.
struct EmulationTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let door = Emulation.registry.appending("register")
        if access(door.string, W_OK) != 0 {
            try await Invocation("mount", ["-t", "binfmt_misc", "none", Emulation.registry.string])
                .run().orThrow()
        }
        let own = Emulation.registry.appending(Emulation.name)
        if access(own.string, F_OK) != 0 { try Self.write(Emulation.entry, to: door) }
        do {
            try await function()
        } catch {
            try? Self.write("-1", to: own)
            throw error
        }
        try Self.write("-1", to: own)
    }

    private static func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(path, .writeOnly)
        _ = try file.closeAfter { try file.writeAll(text.utf8) }
    }
}

extension Trait where Self == EmulationTrait {
    static var emulation: Self { EmulationTrait() }
}
