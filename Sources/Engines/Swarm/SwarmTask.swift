internal import Exec

/// The one task of a job's service, as the managers know it.
struct SwarmTask: Sendable, Hashable {
    /// What it is or has become; see "Swarm task states" in Docker's
    /// documentation.
    enum State: String, Sendable, Hashable {
        case new, allocated, pending, assigned, accepted, preparing, ready, starting, running
        case complete, failed, shutdown, rejected, orphaned, remove

        /// Whether it will not become anything else.
        var isFinal: Bool {
            switch self {
            case .complete, .failed, .shutdown, .rejected, .orphaned, .remove: true
            default: false
            }
        }
    }

    let id: String
    let state: State
    /// What the managers want it to be.
    let desired: State
    /// The id of the node that has it.
    let node: String?
    /// What the container exited with, if it did.
    let exitStatus: Int32?
    /// Why it is so, if that needs a reason.
    let reason: String

    private static let template = [
        "{{.ID}}", "{{.Status.State}}", "{{.DesiredState}}", "{{.NodeID}}",
        "{{with .Status.ContainerStatus}}{{.ExitCode}}{{end}}", "{{.Status.Err}}",
    ].joined(separator: "\t")

    /// Asks for a service's task; nil when it has none, or is gone itself.
    ///
    /// - Throws: ``EngineError`` when no manager answers.
    static func of(_ service: String, _ docker: DockerProgram) async throws -> SwarmTask? {
        let listed = try await docker.call(["service", "ps", "--quiet", "--no-trunc", service])
        guard listed.status.isSuccess else { return try await nothing(listed, docker) }
        guard let id = listed.text.split(separator: "\n").first.map(String.init) else { return nil }
        return try await with(id: id, docker)
    }

    /// Asks for a task; nil when it is forgotten.
    ///
    /// - Throws: ``EngineError`` when no manager answers.
    static func with(id: String, _ docker: DockerProgram) async throws -> SwarmTask? {
        let said = try await docker.call([
            "inspect", "--type", "task", "--format", template, id,
        ])
        guard said.status.isSuccess else { return try await nothing(said, docker) }
        return SwarmTask(line: Substring(said.text))
    }

    /// What a failed question for a task means: that there is none only when a
    /// manager is there to say so.
    private static func nothing(
        _ failed: Completion, _ docker: DockerProgram
    ) async throws -> SwarmTask? {
        let alive = try await docker.call(["node", "ls", "--quiet"])
        if alive.status.isSuccess { return nil }
        throw docker.failure(ExecError.lastLine(of: failed.errors))
    }

    /// Reads a line of the template; nil for anything else.
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
