public import Engines
internal import Exec
internal import Glibc
internal import Synchronization
public import SystemPackage

/// A real Docker daemon for the tests: its data, its socket and all its
/// containers are separate from the machine's, and are removed with it.
public struct TestDaemon: Sendable {
    /// The daemon of this suite; see ``DockerTrait``.
    @TaskLocal public static var shared: TestDaemon?

    /// Whether this machine can run a daemon.
    public static let isAvailable: Bool =
        geteuid() == 0 && has("dockerd") && has("docker")

    /// The directory of its data and socket.
    public let directory: FilePath
    /// docker(1) for this daemon.
    public let docker: DockerProgram
    /// The environment with which a program of a test reaches the daemon.
    public let environment: [String: String]

    private static func has(_ program: String) -> Bool {
        SearchPath(Invocation.basicEnvironment["PATH"] ?? "").find(program) != nil
    }

    /// Runs a daemon while `body` runs.
    ///
    /// - Parameter options: additional arguments for dockerd(8).
    public static func with<Result: Sendable>(
        _ options: [String] = ["--iptables=false", "--bridge=none"],
        _ body: @Sendable (TestDaemon) async throws -> Result
    ) async throws -> Result {
        try await TemporaryDirectory.with { directory in
            let daemon = TestDaemon(in: directory)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await daemon.keepRunning(options) }
                try await daemon.waitUntilReady()
                let result: Swift.Result<Result, any Error>
                do {
                    result = .success(try await body(daemon))
                } catch {
                    result = .failure(error)
                }
                group.cancelAll()
                while let ended = await group.nextResult() {
                    if case .failure(let error) = ended, !(error is CancellationError) {
                        throw error
                    }
                }
                try await daemon.unmount()
                return try result.get()
            }
        }
    }

    private init(in directory: FilePath) {
        self.directory = directory
        var environment = Invocation.basicEnvironment
        environment["DOCKER_HOST"] = "unix://\(directory)/socket"
        environment["HOME"] = directory.string
        self.environment = environment
        docker = DockerProgram(environment: environment)
    }

    /// Runs docker(1) and returns its output; throws if it fails.
    @discardableResult
    public func ask(_ arguments: String...) async throws -> String {
        try await Invocation("docker", arguments, environment: environment)
            .run().orThrow().text
    }

    private static let mostTries = 10

    /// Exists once the daemon has been ready.
    private var readyMark: FilePath { directory.appending("ready") }

    /// Runs the daemon until it ends, and restarts it a few times if it ends before
    /// it is ready: on a busy machine it gives up its own containerd(8) after some
    /// seconds.
    private func keepRunning(_ options: [String]) async throws {
        var tries = 0
        while true {
            let ended = try await run(options)
            tries += 1
            if tries == Self.mostTries || access(readyMark.string, F_OK) == 0 { throw ended }
            // A remaining process would block the next daemon.
            for process in try Processes.all(with: "\(directory)/exec") {
                kill(process.id, SIGKILL)
            }
        }
    }

    /// Runs the daemon until it ends.
    private func run(_ options: [String]) async throws -> DaemonEnded {
        let said = Mutex<[String]>([])
        let status = try await Invocation(
            "dockerd",
            [
                "--data-root", "\(directory)/data", "--exec-root", "\(directory)/exec",
                "--pidfile", "\(directory)/pid", "--host", "unix://\(directory)/socket",
            ] + options, grace: Patience.limit
        ).stream { line in
            said.withLock { $0 = ($0 + [String(decoding: line, as: UTF8.self)]).suffix(5) }
        }
        return DaemonEnded(status: status, lastLines: said.withLock { $0 })
    }

    private func waitUntilReady() async throws {
        let deadline = ContinuousClock.now.advanced(by: Patience.limit)
        while true {
            let probe = try await Invocation("docker", ["version"], environment: environment).run()
            if probe.status.isSuccess { return try EngineContractStage.write("", to: readyMark) }
            guard ContinuousClock.now < deadline else {
                throw DaemonEnded(
                    status: probe.status,
                    lastLines: [String(decoding: probe.errors, as: UTF8.self)])
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Unmounts the mounts that the daemon leaves behind.
    private func unmount() async throws {
        let mounts = try Processes.text(of: "/proc/self/mounts").split(separator: "\n")
            .compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
            .filter { $0.hasPrefix("\(directory)/") }
        for mount in mounts.reversed() { umount2(mount, Int32(MNT_DETACH)) }
    }
}

/// A daemon of the tests ended too early.
struct DaemonEnded: Error {
    let status: ExitStatus
    let lastLines: [String]
}
