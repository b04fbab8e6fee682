import ArgumentParser
import Engines
import Exec
import Synchronization
import SystemPackage

/// One job of an engine, as a separate process.
struct OneJob: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Run a command in a job of an engine's",
        shouldDisplay: false)

    @Argument var engine: String
    @Argument var host: String
    @Argument var home: String
    @Argument var state: String
    @Argument var stage: String
    @Option(help: "SOURCE=TARGET") var lend: [String] = []
    @Argument(parsing: .postTerminator) var command: [String] = []

    func run() async throws {
        let mounts = lend.map { word in
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            return Mount.readOnly(source: FilePath(pair[0]), target: pair[1])
        }
        let image = StageImage(
            name: "demo",
            digest: FilePath(stage).removingLastComponent().lastComponent?.string ?? "",
            tree: FilePath(stage))
        let job = Job(
            id: "bench-\(UInt32.random(in: .min ... .max))", root: .overlay(image),
            steps: [
                Step(
                    name: "emerge", command: command,
                    environment: ["LC_ALL": "C.UTF-8", "MAKEOPTS": "-j2"], mounts: mounts)
            ])
        let lines = Mutex<[String]>([])
        let outcome = try await made().run(job) { event in
            guard case .line(_, let bytes) = event else { return }
            lines.withLock { $0 = ($0 + [String(decoding: bytes, as: UTF8.self)]).suffix(20) }
        }
        if let failure = outcome.failure {
            let said = lines.withLock { $0.joined(separator: "\n") }
            throw Failure(
                description: "step '\(failure.name)' failed (\(failure.status)):\n\(said)")
        }
    }

    private func made() -> any Engine {
        let docker = DockerProgram(
            environment: [
                "PATH": Invocation.basicEnvironment["PATH"] ?? "", "DOCKER_HOST": host,
                "HOME": home,
            ])
        let state = FilePath(state)
        let storage = ContainerStorage([.init(state)])
        guard engine == "swarm" else {
            return DockerEngine(
                docker: docker, state: state, storage: storage, privileges: .root)
        }
        return SwarmEngine(
            docker: docker, state: state, storage: storage, contexts: ["w1": "w1", "w2": "w2"],
            privileges: .root)
    }
}
