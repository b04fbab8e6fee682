public import Engines
internal import Exec
internal import Glibc
internal import Synchronization
public import SystemPackage

/// A real swarm of three nodes on this machine for the tests, and ways to make
/// its nodes fail; `config/demo/swarm` starts and stops it.
public struct SwarmTestBed: Sendable {
    /// The swarm of this suite; see ``SwarmTrait``.
    @TaskLocal public static var shared: SwarmTestBed?

    /// A machine of the swarm. All nodes see this machine's files.
    public enum Node: String, CaseIterable, Sendable {
        /// The manager, which does not build.
        case m
        /// A worker.
        case w1
        /// A worker.
        case w2
    }

    /// Whether this machine can run a swarm.
    public static let isAvailable: Bool =
        geteuid() == 0
        && ["dockerd", "docker", "docker-init", "docker-registry", "ip", "iptables", "curl"]
            .allSatisfy {
                SearchPath(Invocation.basicEnvironment["PATH"] ?? "").find($0) != nil
            }

    /// The address of a registry that all nodes can reach and this machine cannot.
    public static let registry = "10.77.0.1:5000"

    private static let script = FilePath("\(#filePath)")
        .removingLastComponent().removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("config/demo/swarm")

    /// The directory of the nodes' own files.
    public let directory: FilePath

    /// Runs a swarm while `body` runs; nothing is left of it afterwards, whatever
    /// runs on its nodes.
    public static func with<Result: Sendable>(
        _ body: @Sendable (SwarmTestBed) async throws -> Result
    ) async throws -> Result {
        try await TemporaryDirectory.with { directory in
            let bed = SwarmTestBed(directory: directory.appending("swarm"))
            let (start, started) = AsyncStream<Void>.makeStream()
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { started.finish() }
                    try await bed.hold { started.yield() }
                }
                var isUp = false
                for await _ in start {
                    isUp = true
                    break
                }
                // The script ends early only with an error.
                if !isUp { try await group.waitForAll() }
                let result: Swift.Result<Result, any Error>
                do {
                    try await bed.makeContexts()
                    result = .success(try await body(bed))
                } catch {
                    result = .failure(error)
                }
                group.cancelAll()
                while let ended = await group.nextResult() {
                    if case .failure(let error) = ended, !(error is CancellationError) {
                        throw error
                    }
                }
                return try result.get()
            }
        }
    }

    private func hold(onStart: @escaping @Sendable () -> Void) async throws {
        let said = Mutex<[String]>([])
        let status = try await Invocation(
            Self.script.string, ["hold", directory.string], input: .held, grace: Patience.limit
        ).stream { bytes in
            let line = String(decoding: bytes, as: UTF8.self)
            said.withLock { $0.append(line) }
            if line.hasPrefix("# a swarm ") { onStart() }
        }
        throw SwarmEnded(status: status, said: said.withLock { $0 })
    }

    // MARK: Access to its nodes

    /// Returns the environment with which a program of a test reaches a node's
    /// daemon.
    public func environment(of node: Node) -> [String: String] {
        var environment = Invocation.basicEnvironment
        environment["DOCKER_HOST"] = "unix://\(directory)/\(node.rawValue)/socket"
        environment["HOME"] = directory.string
        return environment
    }

    /// Returns docker(1) for a node's daemon.
    public func docker(of node: Node) -> DockerProgram {
        DockerProgram(environment: environment(of: node))
    }

    /// The Docker context of each node by its name, for programs with the
    /// environment of ``environment(of:)``.
    public static let contexts = Dictionary(
        uniqueKeysWithValues: Node.allCases.map { ($0.rawValue, "zentoo-\($0)") })

    private func makeContexts() async throws {
        for node in Node.allCases {
            try await ask(
                .m, "context", "create", "zentoo-\(node)", "--docker",
                "host=unix://\(directory)/\(node.rawValue)/socket")
        }
    }

    /// Runs docker(1) for a node's daemon and returns its output; throws if it
    /// fails.
    @discardableResult
    public func ask(_ node: Node, _ arguments: String...) async throws -> String {
        try await Invocation("docker", arguments, environment: environment(of: node))
            .run().orThrow().text
    }

    /// Runs a command on a node, in its namespaces, and returns its output.
    @discardableResult
    public func on(_ node: Node, _ command: String...) async throws -> String {
        try await call(["on", directory.string, node.rawValue] + command)
    }

    /// Returns the names of the containers on a node, with a label or all.
    public func containers(on node: Node, label: String? = nil) async throws -> [String] {
        let filter = label.map { ["--filter", "label=\($0)"] } ?? []
        let said = try await Invocation(
            "docker", ["ps", "--all", "--format", "{{.Names}}"] + filter,
            environment: environment(of: node)
        ).run().orThrow().text
        return said.split(separator: "\n").map(String.init)
    }

    // MARK: Failures of nodes

    /// Kills a node's Docker daemon; its containers continue to run.
    public func kill(_ node: Node) async throws {
        try await call(["kill", directory.string, node.rawValue])
    }

    /// Starts a node's Docker daemon again.
    public func restart(_ node: Node) async throws {
        try await call(["restart", directory.string, node.rawValue])
    }

    /// Disconnects a node from the network; it still sees this machine's files.
    public func cutOff(_ node: Node) async throws {
        try await call(["cut", directory.string, node.rawValue])
    }

    /// Reconnects a node to the network.
    public func rejoin(_ node: Node) async throws {
        try await call(["mend", directory.string, node.rawValue])
    }

    /// Drains a node: it takes no jobs and its running ones are stopped.
    public func drain(_ node: Node) async throws {
        try await ask(.m, "node", "update", "--availability", "drain", node.rawValue)
    }

    /// Lets a node take jobs again.
    public func activate(_ node: Node) async throws {
        try await ask(.m, "node", "update", "--availability", "active", node.rawValue)
    }

    /// Hides a directory on a node behind an empty one.
    public func hide(_ directory: FilePath, on node: Node) async throws {
        try await on(node, "mount", "-t", "tmpfs", "tmpfs", directory.string)
    }

    /// Makes this machine's directory visible on the node again.
    public func reveal(_ directory: FilePath, on node: Node) async throws {
        try await on(node, "umount", "--lazy", directory.string)
    }

    /// Waits until the manager reports a state of a node: `ready`, `down`.
    public func wait(for node: Node, toBe state: String) async throws {
        try await Patience.wait(for: "node '\(node)' is \(state)", every: .milliseconds(100)) {
            try await ask(.m, "node", "inspect", "--format", "{{.Status.State}}", node.rawValue)
                == state
        }
    }

    /// Restores all three nodes, whatever a test did to them.
    public func heal() async throws {
        for node in Node.allCases {
            try await rejoin(node)
            let answer = try await Invocation(
                "docker", ["version"], environment: environment(of: node)
            ).run()
            if !answer.status.isSuccess { try await restart(node) }
        }
        for node in Node.allCases {
            try await wait(for: node, toBe: "ready")
            try await activate(node)
        }
    }

    @discardableResult
    private func call(_ arguments: [String]) async throws -> String {
        try await Invocation(Self.script.string, arguments).run().orThrow().text
    }
}

/// The swarm of the tests ended or did not start.
struct SwarmEnded: Error {
    /// The exit status of the script, if it ended.
    let status: ExitStatus?
    let said: [String]
}
