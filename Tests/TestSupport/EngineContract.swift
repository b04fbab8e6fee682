public import Engines
public import SystemPackage
internal import Testing

/// What every engine keeps to, whatever it runs jobs with: one suite of tests
/// for all of them.
///
/// A test target names the engines and asks for each clause by its name.
public struct EngineContract: Sendable {
    /// The engine on trial.
    let engine: any Engine
    /// A stage of busybox; see ``EngineContractStage``.
    let stage: StageImage
    /// A directory of the test's own, for the sources of mounts.
    let directory: FilePath
    /// Whether it can leave a changed root behind; one that cannot refuses.
    let keepsRoots: Bool
    /// `HOST PORT` of a server that a step with a network reaches; nil for one
    /// on this machine's loopback interface.
    let server: String?
    /// The command with which this engine does an action.
    let command: @Sendable (Action) -> [String]
    /// What is left of a job in this engine's own places, by name.
    let leftovers: @Sendable (Job) async throws -> [String]

    /// An engine to be held to the contract.
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

    /// What a step of the clauses for all engines does.
    public enum Action: Sendable, Hashable {
        /// Ends with this status.
        case exit(Int32)
        /// Says words in turn on standard output and standard error.
        case alternate([String])
        /// Says two lines that are not UTF-8.
        case sayOddBytes
        /// Says this many lines of ``floodWidth`` bytes.
        case flood(lines: Int)
        /// Says `ready` and never ends; the number tells its process.
        case hang(marker: Int)

        /// The same for an engine with a shell in its root.
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

        /// How long each line of a flood is.
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

    /// Runs a script in the root; for engines that have one.
    func shell(
        _ script: String, mounts: [Mount] = [], network: Step.Network = .none
    ) -> Step {
        Step(name: "shell", command: ["sh", "-ec", script], mounts: mounts, network: network)
    }

    /// Runs the steps and tells what they said; nothing may be left after it.
    @discardableResult
    func run(_ job: Job, log: EventLog = EventLog()) async throws -> (Outcome, EventLog) {
        let outcome = try await engine.run(job) { log.append($0) }
        if !job.keepsRoot { #expect(try await leftovers(job) == []) }
        return (outcome, log)
    }

    /// Runs a script that must succeed, and tells what it said.
    @discardableResult
    func output(of steps: Step...) async throws -> [String] {
        let (outcome, log) = try await run(job(steps))
        try #require(outcome.failure == nil, "\(log.text)")
        return log.text
    }

    /// Unlike any other while this machine is up: also a number of seconds
    /// that nobody else sleeps.
    static func uniqueNumber() -> Int { Int.random(in: 1_000_000_000..<9_000_000_000) }
}
