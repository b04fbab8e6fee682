internal import Exec

/// The single task of a job's service, as reported by the managers.
struct SwarmTask: Sendable, Hashable {
    /// The state of a task; see "Swarm task states" in Docker's documentation.
    enum State: String, Sendable, Hashable {
        case new, allocated, pending, assigned, accepted, preparing, ready, starting, running
        case complete, failed, shutdown, rejected, orphaned, remove

        /// Whether the state cannot change any more.
        var isFinal: Bool {
            switch self {
            case .complete, .failed, .shutdown, .rejected, .orphaned, .remove: true
            default: false
            }
        }
    }

    let id: String
    let state: State
    /// The state that the managers want.
    let desired: State
    /// The id of its node; nil before it is assigned.
    let node: String?
    /// The exit status of the container, if it exited.
    let exitStatus: Int32?
    /// The reason for the state, if there is one.
    let reason: String

    private static let template = [
        "{{.ID}}", "{{.Status.State}}", "{{.DesiredState}}", "{{.NodeID}}",
        "{{with .Status.ContainerStatus}}{{.ExitCode}}{{end}}", "{{.Status.Err}}",
    ].joined(separator: "\t")

    /// Returns a service's task; nil when it has none or the service does not
    /// exist.
    ///
    /// - Throws: ``EngineError`` when no manager answers.
    static func of(_ service: String, _ docker: DockerProgram) async throws -> SwarmTask? {
        let listed = try await docker.call(["service", "ps", "--quiet", "--no-trunc", service])
        guard listed.status.isSuccess else { return try await nothing(listed, docker) }
        guard let id = listed.text.split(separator: "\n").first.map(String.init) else { return nil }
        return try await with(id: id, docker)
    }

    /// Returns a task; nil when the managers no longer know it.
    ///
    /// - Throws: ``EngineError`` when no manager answers.
    static func with(id: String, _ docker: DockerProgram) async throws -> SwarmTask? {
        let said = try await docker.call([
            "inspect", "--type", "task", "--format", template, id,
        ])
        guard said.status.isSuccess else { return try await nothing(said, docker) }
        return SwarmTask(line: Substring(said.text))
    }

    /// Interprets a failed query for a task: there is no task only if a manager
    /// answers.
    private static func nothing(
        _ failed: Completion, _ docker: DockerProgram
    ) async throws -> SwarmTask? {
        let alive = try await docker.call(["node", "ls", "--quiet"])
        if alive.status.isSuccess { return nil }
        throw docker.failure(ExecError.lastLine(of: failed.errors))
    }

    /// Parses a line of the template. Returns nil for anything else.
    init?(line: Substring) {
        let fields = line.split(
            separator: "\t", maxSplits: 5, omittingEmptySubsequences: false
        ).map { $0 == "<no value>" ? "" : String($0) }
        guard fields.count == 6, let state = State(rawValue: fields[1]) else { return nil }
        id = fields[0]
        self.state = state
        desired = State(rawValue: fields[2]) ?? .running
        node = fields[3].isEmpty ? nil : fields[3]
        exitStatus = Int32(fields[4])
        reason = fields[5]
    }
}
