internal import Exec

/// The properties that a daemon reports about itself.
struct DockerDaemon: Sendable, Hashable {
    /// The version of the daemon.
    let version: String
    /// The processor type, as in uname(2): `x86_64`, `aarch64`.
    let machine: String
    /// The mechanisms that confine its containers: `apparmor`, `seccomp`,
    /// `rootless`.
    let security: Set<String>
    /// The state of its node in a swarm; `active` on a node of a swarm.
    let swarm: String
    /// Whether it is a manager of the swarm.
    let isManager: Bool

    /// Queries a daemon.
    ///
    /// - Parameters:
    ///   - docker: the program that reaches the daemon.
    ///   - setting: the git setting that names the daemon, for the message.
    /// - Throws: ``EngineError`` with code `unavailable` when it does not
    ///   answer.
    init(_ docker: DockerProgram, setting: String) async throws {
        let template =
            "{{.ServerVersion}}\t{{.Architecture}}\t{{.Swarm.LocalNodeState}}\t"
            + "{{.Swarm.ControlAvailable}}\t{{range .SecurityOptions}}{{.}} {{end}}"
        let completion = try await docker.call(["info", "--format", template])
        let fields = completion.text.split(separator: "\t", omittingEmptySubsequences: false)
        guard completion.status.isSuccess, fields.count == 5, !fields[0].isEmpty else {
            throw EngineError(
                .unavailable,
                "cannot reach the Docker daemon: \(ExecError.lastLine(of: completion.errors))",
                hints: [docker.hint, "'git config \(setting) NAME' names another"])
        }
        version = String(fields[0])
        machine = String(fields[1])
        swarm = String(fields[2])
        isManager = fields[3] == "true"
        // For example "name=seccomp,profile=default".
        security = Set(
            fields[4].split(separator: " ").compactMap { option in
                option.split(separator: ",").first { $0.hasPrefix("name=") }
                    .map { String($0.dropFirst("name=".count)) }
            })
    }
}
