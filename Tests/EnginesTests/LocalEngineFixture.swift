import Engines
import Exec
import Glibc
import SystemPackage
import TestSupport

/// A local engine with its own state directory and stage.
struct LocalEngineFixture: Sendable {
    let directory: FilePath
    let state: FilePath
    let engine: LocalEngine
    let stage: StageImage

    /// Whether this machine has what the engine needs; otherwise its tests are
    /// skipped.
    static let isAvailable: Bool =
        EngineContractStage.busybox != nil
        && ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"].contains {
            (path: String) in access(path, X_OK) == 0
        }

    static let isRoot = geteuid() == 0

    static func with(
        stateName: String = "state", _ body: (LocalEngineFixture) async throws -> Void
    ) async throws {
        guard let busybox = EngineContractStage.busybox else { return }
        try await TemporaryDirectory.with { directory in
            let stage = try EngineContractStage.make(
                at: directory.appending("stage"), busybox: busybox)
            let state = directory.appending(stateName)
            try await body(
                LocalEngineFixture(
                    directory: directory, state: state,
                    engine: LocalEngine(state: state, launcher: BuiltPrograms.gitZentoo),
                    stage: stage))
        }
    }

    var contract: EngineContract {
        EngineContract(
            engine: engine, stage: stage, directory: directory,
            leftovers: { job in try leftovers(of: job.id) })
    }

    /// Returns what is left of a job: processes, mounts, files.
    ///
    /// Processes are recognized by the test's directory, which is unique; a job's
    /// id may occur in any command line.
    func leftovers(of id: String) throws -> [String] {
        let mounts = try Processes.text(of: "/proc/self/mountinfo").split(separator: "\n")
            .map(String.init).filter { $0.contains(directory.string) }
        let scratch = state.appending("jobs").appending(id)
        let files = scratch.withPlatformString { access($0, F_OK) } == 0 ? [scratch.string] : []
        return try Processes.commandLines(with: directory.string) + mounts + files
    }

    func sweep() async throws -> [FilePath] { try await engine.sweep().map { FilePath($0) } }

    func step(_ script: String) -> Step { Step(name: "shell", command: ["sh", "-ec", script]) }
}
