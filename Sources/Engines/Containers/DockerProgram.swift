internal import Exec

/// docker(1), the program that reaches a daemon with the user's contexts, keys
/// and certificates.
public struct DockerProgram: Sendable, Hashable {
    /// The context that names the daemon; nil for the user's current one.
    public let context: String?
    let environment: [String: String]

    /// The environment variables of the user that docker(1) reads.
    private static let heeded: Set<String> = [
        "PATH", "HOME", "USER", "SSH_AUTH_SOCK", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    ]

    /// Creates a program for a daemon.
    ///
    /// - Parameters:
    ///   - context: see docker-context(1).
    ///   - environment: the user's environment; only the variables that
    ///     docker(1) reads are passed on.
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

    /// Returns the same program for another daemon.
    public func at(_ context: String) -> DockerProgram {
        DockerProgram(context: context, environment: environment)
    }

    /// Returns an invocation with these arguments.
    func invocation(_ arguments: [String]) -> Invocation {
        Invocation(
            "docker", (context.map { ["--context", $0] } ?? []) + arguments,
            environment: environment)
    }

    /// Runs docker(1) and returns how it ended.
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

    /// Runs docker(1) and returns its output; it must succeed.
    ///
    /// - Throws: ``EngineError`` with Docker's message; `CancellationError`.
    @discardableResult
    func ask(_ arguments: [String]) async throws -> String {
        let completion = try await call(arguments)
        guard completion.status.isSuccess else {
            throw failure(ExecError.lastLine(of: completion.errors))
        }
        return completion.text
    }

    /// Does the same as ``ask(_:)`` even if the calling task has been
    /// cancelled, for clean-up.
    func askShielded(_ arguments: [String]) async throws {
        // A separate task, awaited at once, is the only protection from
        // cancellation that the language offers.
        _ = try await Task { try await ask(arguments) }.value
    }

    /// Returns the error for this last line of docker(1)'s output.
    func failure(_ said: String) -> EngineError {
        let known = ["docker: ", "Error response from daemon: ", "Error: "]
        let reason = known.reduce(said) { text, prefix in
            text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        }
        return EngineError(.setup, "Docker says: \(reason)", hints: [hint])
    }

    /// The command that shows whether the daemon can be reached.
    var hint: String { invocation(["version"]).commandLine }

    static func missing(_ error: ExecError) -> EngineError {
        EngineError(
            .unavailable, error.description,
            hints: ["emerge app-containers/docker-cli", "apt install docker.io"])
    }
}
