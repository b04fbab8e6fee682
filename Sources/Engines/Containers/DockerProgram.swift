internal import Exec

/// docker(1), which is how a daemon is spoken to: with the contexts, keys and
/// certificates of whoever runs it.
public struct DockerProgram: Sendable, Hashable {
    /// The context that names the daemon; the user's own choice when absent.
    public let context: String?
    let environment: [String: String]

    /// What docker(1) heeds of a user's environment.
    private static let heeded: Set<String> = [
        "PATH", "HOME", "USER", "SSH_AUTH_SOCK", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    ]

    /// A daemon.
    ///
    /// - Parameters:
    ///   - context: see docker-context(1).
    ///   - environment: the user's; of it only what docker(1) heeds is passed on.
    public init(context: String? = nil, environment: [String: String]) {
        self.context = context
        var passed = Invocation.basicEnvironment
        for (name, value) in environment
        where Self.heeded.contains(name) || name.hasPrefix("DOCKER_") { passed[name] = value }
        if context != nil {
            passed["DOCKER_HOST"] = nil
            passed["DOCKER_CONTEXT"] = nil
        }
        self.environment = passed
    }

    /// The same program for another daemon.
    public func at(_ context: String) -> DockerProgram {
        DockerProgram(context: context, environment: environment)
    }

    /// A call of it.
    func invocation(_ arguments: [String]) -> Invocation {
        Invocation(
            "docker", (context.map { ["--context", $0] } ?? []) + arguments,
            environment: environment)
    }

    /// Calls it and returns how that ended.
    ///
    /// - Throws: ``EngineError`` with code `unavailable` when there is no
    ///   docker(1); `CancellationError`.
    func call(_ arguments: [String]) async throws -> Completion {
        do {
            return try await invocation(arguments).run()
        } catch let error as ExecError {
            throw Self.missing(error)
        }
    }

    /// Calls it and returns what it said, which must have succeeded.
    ///
    /// - Throws: ``EngineError`` with Docker's own words; `CancellationError`.
    @discardableResult
    func ask(_ arguments: [String]) async throws -> String {
        let completion = try await call(arguments)
        guard completion.status.isSuccess else {
            throw failure(ExecError.lastLine(of: completion.errors))
        }
        return completion.text
    }

    /// The same as ``ask(_:)`` where whoever asks may have been cancelled: to
    /// clean up.
    func askShielded(_ arguments: [String]) async throws {
        // A task of its own, awaited at once, is the one shield from
        // cancellation that the language has.
        _ = try await Task { try await ask(arguments) }.value
    }

    /// What is wrong when docker(1) said this last.
    func failure(_ said: String) -> EngineError {
        let known = ["docker: ", "Error response from daemon: ", "Error: "]
        let reason = known.reduce(said) { text, prefix in
            text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        }
        return EngineError(.setup, "Docker says: \(reason)", hints: [hint])
    }

    /// What shows a person that a daemon can be reached.
    var hint: String { invocation(["version"]).commandLine }

    static func missing(_ error: ExecError) -> EngineError {
        EngineError(
            .unavailable, error.description,
            hints: ["emerge app-containers/docker-cli", "apt install docker.io"])
    }
}
