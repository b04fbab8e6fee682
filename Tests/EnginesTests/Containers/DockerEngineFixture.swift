import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// A Docker engine with its own state directory and stage.
struct DockerEngineFixture: Sendable {
    let daemon: TestDaemon
    let directory: FilePath
    let state: FilePath
    let stage: StageImage
    var engine: DockerEngine

    static let isAvailable = TestDaemon.isAvailable && EngineContractStage.busybox != nil

    static func with(
        _ body: (DockerEngineFixture) async throws -> Void
    ) async throws {
        let daemon = try #require(TestDaemon.shared)
        let busybox = try #require(EngineContractStage.busybox)
        try await TemporaryDirectory.with { directory in
            let stage = try EngineContractStage.make(
                at: directory.appending("stage"), busybox: busybox)
            let state = directory.appending("state")
            try #require(mkdir(state.string, 0o755) == 0)
            try await body(
                DockerEngineFixture(
                    daemon: daemon, directory: directory, state: state, stage: stage,
                    engine: DockerEngine(
                        docker: daemon.docker, state: state,
                        storage: ContainerStorage([.init(state)]), network: "host",
                        privileges: .ofTests)))
        }
    }

    var contract: EngineContract {
        EngineContract(
            engine: engine, stage: stage, directory: directory,
            leftovers: { job in try await leftovers(of: job.id) })
    }

    /// Returns what is left of a job: containers, networks, volumes, files.
    func leftovers(of id: String) async throws -> [String] {
        let containers = try await daemon.ask(
            "ps", "--all", "--quiet", "--filter", "label=zentoo.job=\(id)")
        let networks = try await daemon.ask(
            "network", "ls", "--quiet", "--filter", "label=zentoo.job=\(id)")
        let volumes = try await daemon.ask("volume", "ls", "--quiet")
        let scratch = state.appending("jobs").appending(id)
        let files = access(scratch.string, F_OK) == 0 ? [scratch.string] : []
        let fences = try Directory.names(in: directory).filter { $0.contains(id) }
        return [containers, networks, volumes].filter { !$0.isEmpty } + files + fences
    }

    func step(_ script: String, mounts: [Mount] = []) -> Step {
        Step(name: "shell", command: ["sh", "-ec", script], mounts: mounts)
    }

    func job(_ steps: [Step], id: String) -> Job {
        Job(id: id, root: .overlay(stage), steps: steps)
    }
}
