public import Engines
public import SystemPackage
internal import Testing

/// The contract that every engine satisfies, however it runs jobs: one suite of
/// tests for all of them.
///
/// A test target creates the engines and checks each clause by its name.
public struct EngineContract: Sendable {
    /// The tested engine.
    let engine: any Engine
    /// A stage of busybox; see ``EngineContractStage``.
    let stage: StageImage
    /// The test's own directory, for the sources of mounts.
    let directory: FilePath
    /// Whether the engine can keep a changed root; otherwise it refuses to.
    let keepsRoots: Bool
    /// `HOST PORT` of a server that a step with a network can reach; nil for a
    /// server on this machine's loopback interface.
    let server: String?
    /// Returns the command with which this engine performs an action.
    let command: @Sendable (Action) -> [String]
    /// Returns what is left of a job in this engine's own places, by name.
    let leftovers: @Sendable (Job) async throws -> [String]

    /// Creates the contract for an engine.
    public init(
        engine: any Engine, stage: StageImage, directory: FilePath, keepsRoots: Bool = true,
        server: String? = nil,
        command: @escaping @Sendable (Action) -> [String] = \.shellCommand,
        leftovers: @escaping @Sendable (Job) async throws -> [String] = { _ in [] }
    ) {
        self.engine = engine
        self.stage = stage
        self.directory = directory
        self.keepsRoots = keepsRoots
        self.server = server
        self.command = command
        self.leftovers = leftovers
    }

    /// An action of a step in the clauses for all engines.
    public enum Action: Sendable, Hashable {
        /// Ends with this status.
        case exit(Int32)
        /// Prints words alternately on standard output and standard error.
        case alternate([String])
        /// Prints two lines that are not UTF-8.
        case sayOddBytes
        /// Prints this many lines of ``floodWidth`` bytes.
        case flood(lines: Int)
        /// Prints `ready` and never ends; the number identifies its process.
        case hang(marker: Int)

        /// The same action as a command for an engine with a shell in its root.
        public var shellCommand: [String] { ["sh", "-c", script] }

        private var script: String {
            switch self {
            case .exit(let status): "exit \(status)"
            case .alternate(let words):
                words.enumerated().map { "echo \($1) >&\($0 % 2 + 1)" }.joined(separator: "; ")
            case .sayOddBytes: #"printf '\377\376\001\n\303('"#
            case .flood(let lines):
                "yes \(String(repeating: "x", count: Self.floodWidth)) | head -n \(lines)"
            case .hang(let marker): "sleep \(marker) & echo ready; wait"
            }
        }

        /// The length of each line of a flood, in bytes.
        public static let floodWidth = 1023
    }

    func job(
        _ steps: [Step], root: Root? = nil, keepsRoot: Bool = false, id: String? = nil
    ) -> Job {
        Job(
            id: id ?? "contract-\(Self.uniqueNumber())", root: root ?? .overlay(stage),
            steps: steps, keepsRoot: keepsRoot)
    }

    func step(_ action: Action, name: String = "step") -> Step {
        Step(name: name, command: command(action))
    }

    /// Returns a step that runs a script in the root, for engines that have a
    /// shell.
    func shell(
        _ script: String, mounts: [Mount] = [], network: Step.Network = .none
    ) -> Step {
        Step(name: "shell", command: ["sh", "-ec", script], mounts: mounts, network: network)
    }

    /// Runs a job and returns its outcome and events; checks that nothing is left.
    @discardableResult
    func run(_ job: Job, log: EventLog = EventLog()) async throws -> (Outcome, EventLog) {
        let outcome = try await engine.run(job) { log.append($0) }
        if !job.keepsRoot { #expect(try await leftovers(job) == []) }
        return (outcome, log)
    }

    /// Runs steps that must succeed, and returns their output.
    @discardableResult
    func output(of steps: Step...) async throws -> [String] {
        let (outcome, log) = try await run(job(steps))
        try #require(outcome.failure == nil, "\(log.text)")
        return log.text
    }

    /// Returns a number that is unique while this machine is up; it is also a
    /// number of seconds that no other process sleeps.
    static func uniqueNumber() -> Int { Int.random(in: 1_000_000_000..<9_000_000_000) }
}
