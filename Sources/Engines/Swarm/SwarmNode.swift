internal import Exec

/// A node of a swarm, as reported by its managers.
struct SwarmNode: Sendable, Hashable {
    let id: String
    let hostname: String
    /// `ready`, `down`, `unknown`.
    let state: String
    /// `active`, `pause`, `drain`.
    let availability: String
    /// The processor type, as in uname(2): `x86_64`, `aarch64`.
    let machine: String
    let processors: Int
    /// The memory in bytes.
    let memory: Int
    let labels: [String: String]

    /// Whether it accepts tasks, or will in a moment: restarted managers do not
    /// know the state of a node until it has contacted them.
    var isUsable: Bool { ["ready", "unknown"].contains(state) && availability == "active" }

    private static let template = [
        "{{.ID}}", "{{.Description.Hostname}}", "{{.Status.State}}", "{{.Spec.Availability}}",
        "{{.Description.Platform.Architecture}}", "{{.Description.Resources.NanoCPUs}}",
        "{{.Description.Resources.MemoryBytes}}",
        "{{range $key, $value := .Spec.Labels}}{{$key}}={{$value}} {{end}}",
    ].joined(separator: "\t")

    /// Returns all nodes, sorted by host name.
    ///
    /// - Throws: ``EngineError``, also when the daemon does not manage a swarm.
    static func all(_ docker: DockerProgram) async throws -> [SwarmNode] {
        let ids = try await docker.ask(["node", "ls", "--quiet"]).split(separator: "\n")
        guard !ids.isEmpty else { return [] }
        let said = try await docker.ask(
            ["node", "inspect", "--format", template] + ids.map(String.init))
        return said.split(separator: "\n").compactMap { SwarmNode(line: $0) }
            .sorted { $0.hostname < $1.hostname }
    }

    /// Parses a line of the template. Returns nil for anything else.
    init?(line: Substring) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 8 else { return nil }
        id = fields[0]
        hostname = fields[1]
        state = fields[2]
        availability = fields[3]
        machine = fields[4]
        processors = (Int(fields[5]) ?? 0) / 1_000_000_000
        memory = Int(fields[6]) ?? 0
        var labels: [String: String] = [:]
        for label in fields[7].split(separator: " ") {
            let pair = label.split(separator: "=", maxSplits: 1).map(String.init)
            labels[pair[0]] = pair.count > 1 ? pair[1] : ""
        }
        self.labels = labels
    }
}
