import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// A swarm engine with its own state directory and stage.
struct SwarmEngineFixture: Sendable {
    let bed: SwarmTestBed
    let directory: FilePath
    let state: FilePath
    var stage: StageImage
    /// The files by which the tests and their jobs signal each other.
    let signals: FilePath
    /// A directory that jobs write to and others read.
    let pool: FilePath
    var engine: SwarmEngine

    static let isAvailable = SwarmTestBed.isAvailable && EngineContractStage.busybox != nil

    static func with(_ body: (SwarmEngineFixture) async throws -> Void) async throws {
        let bed = try #require(SwarmTestBed.shared)
        let busybox = try #require(EngineContractStage.busybox)
        try await TemporaryDirectory.with { directory in
            let stage = try EngineContractStage.make(
                at: directory.appending("stage"), busybox: busybox)
            let state = directory.appending("state")
            let signals = directory.appending("signals")
            let pool = directory.appending("pool")
            for place in [state, signals, pool] { try #require(mkdir(place.string, 0o755) == 0) }
            try await body(
                SwarmEngineFixture(
                    bed: bed, directory: directory, state: state, stage: stage, signals: signals,
                    pool: pool, engine: engine(of: bed, state: state)))
        }
    }

    /// The same for a test that makes nodes fail: restores the nodes afterwards and
    /// checks that nothing is left of any job.
    static func withFaults(_ body: (SwarmEngineFixture) async throws -> Void) async throws {
        try await with { fixture in
            do {
                try await body(fixture)
            } catch {
                try await fixture.bed.heal()
                throw error
            }
            try await fixture.bed.heal()
            // A node that has rejoined ends its containers in its own time.
            try await wait("a job runs on") { try await fixture.running().isEmpty }
            let left = try await fixture.leftovers()
            #expect(left == [])
        }
    }

    static func engine(
        of bed: SwarmTestBed, state: FilePath, areas: [ContainerStorage.Area] = [],
        limits: ContainerLimits = ContainerLimits(), registry: String? = nil,
        contexts: [String: String] = SwarmTestBed.contexts, secrets: [String] = [],
        configs: [String] = []
    ) -> SwarmEngine {
        SwarmEngine(
            docker: bed.docker(of: .m), state: state,
            storage: ContainerStorage([.init(state)] + areas), limits: limits, registry: registry,
            contexts: contexts, secrets: secrets, configs: configs, privileges: .ofTests)
    }

    var contract: EngineContract {
        EngineContract(
            engine: engine, stage: stage, directory: directory, keepsRoots: false,
            server: SwarmTestBed.registry.replacing(":", with: " "),
            leftovers: { job in try await leftovers(of: job.id) })
    }

    // MARK: Jobs

    /// Returns a step with the pool, fenced, and the signals.
    func step(_ script: String) -> Step {
        Step(
            name: "shell", command: ["sh", "-ec", script],
            mounts: [
                .fenced(source: pool, target: "/pool"),
                .readWrite(source: signals, target: "/signals"),
            ])
    }

    func job(_ script: String, id: String? = nil) -> Job {
        Job(
            id: id ?? "job-\(Int.random(in: 1_000_000_000..<9_000_000_000))",
            root: .overlay(stage), steps: [step(script)])
    }

    /// Runs a job and `meanwhile` concurrently.
    ///
    /// - Parameter meanwhile: receives the events so far; if it throws, the job is
    ///   cancelled.
    func run(
        _ job: Job, by engine: SwarmEngine? = nil, log: EventLog = EventLog(),
        meanwhile: @Sendable (EventLog) async throws -> Void = { _ in }
    ) async throws -> (outcome: Outcome, log: EventLog) {
        let engine = engine ?? self.engine
        let outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask { try await engine.run(job) { log.append($0) } }
            try await meanwhile(log)
            return try #require(try await group.next())
        }
        return (outcome, log)
    }

    /// Signals a job that it may continue.
    func give(_ signal: FilePath.Component) throws {
        try EngineContractStage.write("", to: signals.appending(signal))
    }

    /// Waits for a signal file from a job.
    func wait(for signal: FilePath.Component) async throws {
        let file = signals.appending(signal)
        try await Self.wait("no signal '\(signal)'") { access(file.string, F_OK) == 0 }
    }

    /// Waits until a condition holds.
    static func wait(
        _ complaint: String, until isSo: () async throws -> Bool
    ) async throws {
        try await Patience.wait(for: complaint, until: isSo)
    }

    // MARK: What is left

    /// Returns the nodes on which containers of this engine run.
    func running() async throws -> [SwarmTestBed.Node] {
        var nodes: [SwarmTestBed.Node] = []
        for node in SwarmTestBed.Node.allCases
        where try await !bed.ask(node, "ps", "--quiet", "--filter", "label=zentoo.state=\(state)")
            .isEmpty
        {
            nodes.append(node)
        }
        return nodes
    }

    /// Returns the names that others see in the pool.
    func poolNames() throws -> [String] { try Directory.names(in: pool) }

    /// Returns what is left of a job, or of all jobs of this engine: services,
    /// networks, containers, volumes, files.
    func leftovers(of id: String? = nil) async throws -> [String] {
        let label = id.map { "zentoo.job=\($0)" } ?? "zentoo.state=\(state)"
        let services = try await bed.ask(
            .m, "service", "ls", "--format", "{{.Name}}", "--filter", "label=\(label)")
        var left = services.split(separator: "\n").map { "service \($0)" }
        let networks = try await bed.ask(
            .m, "network", "ls", "--format", "{{.Name}}", "--filter", "label=\(label)")
        left += networks.split(separator: "\n").map { "network \($0)" }
        for node in SwarmTestBed.Node.allCases {
            let running = try await bed.ask(
                node, "ps", "--quiet", "--filter", "label=\(label)")
            if !running.isEmpty { left.append("running on \(node)") }
            // Its node removes a container that has ended, in its own time.
            try await Self.wait("a container is left on \(node)") {
                try await bed.containers(on: node, label: label).isEmpty
            }
            let volumes = try await bed.ask(node, "volume", "ls", "--quiet")
            if !volumes.isEmpty { left.append("volume \(volumes) on \(node)") }
        }
        let jobs = (try? Directory.names(in: state.appending("jobs"))) ?? []
        left += jobs.filter { $0.first != "." && (id == nil || $0 == id) }
        left += try Directory.names(in: directory).filter { $0.first == "." }
        return left
    }
}
