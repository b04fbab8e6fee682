public import Engines
internal import Exec
internal import Glibc
internal import Synchronization
public import SystemPackage

/// A real swarm of three nodes on this machine, of the tests' own, and what
/// can befall its nodes; `config/demo/swarm` makes it and ends it.
public struct SwarmTestBed: Sendable {
    /// The one of this suite; see ``SwarmTrait``.
    @TaskLocal public static var shared: SwarmTestBed?

    /// A machine of the swarm. All of them see this machine's files.
    public enum Node: String, CaseIterable, Sendable {
        /// The manager, which does not build.
        case m
        /// A worker.
        case w1
        /// A worker.
        case w2
    }

    /// Whether this machine can run one.
    public static let isAvailable: Bool =
        geteuid() == 0
        && ["dockerd", "docker", "docker-init", "docker-registry", "ip", "iptables", "curl"]
            .allSatisfy {
                SearchPath(Invocation.basicEnvironment["PATH"] ?? "").find($0) != nil
            }

    /// Of a registry that all nodes can reach, and this machine cannot.
    public static let registry = "10.77.0.1:5000"

    private static let script = FilePath("\(#filePath)")
        .removingLastComponent().removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("config/demo/swarm")

    /// Where its nodes have what is their own.
    public let directory: FilePath

    /// Runs one while `body` runs; nothing of it is left afterwards, whatever
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
                // It ends before its time only with an error.
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

    // MARK: Speaking to its nodes

    /// What a program of a test needs to speak to a node's daemon.
    public func environment(of node: Node) -> [String: String] {
        var environment = Invocation.basicEnvironment
        environment["DOCKER_HOST"] = "unix://\(directory)/\(node.rawValue)/socket"
        environment["HOME"] = directory.string
        return environment
    }

    /// docker(1) for a node's daemon.
    public func docker(of node: Node) -> DockerProgram {
        DockerProgram(environment: environment(of: node))
    }

    /// By a node's name, what docker(1) calls its daemon for whoever has the
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

    /// Calls docker(1) for a node's daemon and returns what it said; it must
    /// have succeeded.
    @discardableResult
    public func ask(_ node: Node, _ arguments: String...) async throws -> String {
        try await Invocation("docker", arguments, environment: environment(of: node))
            .run().orThrow().text
    }

    /// Runs a command on a node, in its namespaces, and returns what it said.
    @discardableResult
    public func on(_ node: Node, _ command: String...) async throws -> String {
        try await call(["on", directory.string, node.rawValue] + command)
    }

    /// The names of the containers that are on a node, with a label or all.
    public func containers(on node: Node, label: String? = nil) async throws -> [String] {
        let filter = label.map { ["--filter", "label=\($0)"] } ?? []
        let said = try await Invocation(
            "docker", ["ps", "--all", "--format", "{{.Names}}"] + filter,
            environment: environment(of: node)
        ).run().orThrow().text
        return said.split(separator: "\n").map(String.init)
    }

    // MARK: What befalls them

    /// Ends a node's Docker of a sudden; its containers run on.
    public func kill(_ node: Node) async throws {
        try await call(["kill", directory.string, node.rawValue])
    }

    /// Starts a node's Docker again.
    public func restart(_ node: Node) async throws {
        try await call(["restart", directory.string, node.rawValue])
    }

    /// Takes a node off the network; it has this machine's files still.
    public func cutOff(_ node: Node) async throws {
        try await call(["cut", directory.string, node.rawValue])
    }

    /// Puts a node back on the network.
    public func rejoin(_ node: Node) async throws {
        try await call(["mend", directory.string, node.rawValue])
    }

    /// Has a node take no jobs, nor go on with those it has.
    public func drain(_ node: Node) async throws {
        try await ask(.m, "node", "update", "--availability", "drain", node.rawValue)
    }

    /// Has a node take jobs again.
    public func activate(_ node: Node) async throws {
        try await ask(.m, "node", "update", "--availability", "active", node.rawValue)
    }

    /// Has a node see something of its own in a directory's place.
    public func hide(_ directory: FilePath, on node: Node) async throws {
        try await on(node, "mount", "-t", "tmpfs", "tmpfs", directory.string)
    }

    /// Has it see this machine's directory again.
    public func reveal(_ directory: FilePath, on node: Node) async throws {
        try await on(node, "umount", "--lazy", directory.string)
    }

    /// Waits until the manager says of a node that it is so: `ready`, `down`.
    public func wait(for node: Node, toBe state: String) async throws {
        try await Patience.wait(for: "node '\(node)' is \(state)", every: .milliseconds(100)) {
            try await ask(.m, "node", "inspect", "--format", "{{.Status.State}}", node.rawValue)
                == state
        }
    }

    /// Whatever a test did to the nodes, has all three as they were.
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

/// The swarm of the tests is not as they need it.
struct SwarmEnded: Error {
    /// How the script ended, if it did.
    let status: ExitStatus?
    let said: [String]
}
