public import Exec
public import SystemPackage

/// git(1), for what libgit2 cannot do: settings given by `git -c`,
/// signing, transports, checks and housekeeping.
///
/// What its methods take of a repository is its git directory, since a
/// ``Repository`` may not be used while one waits.
public struct GitProgram: Sendable {
    /// What git and the programs it starts see of the world.
    public let environment: [String: String]

    /// - Parameter environment: the caller's whole environment; only what git
    ///   and its helpers need is passed on, and never what names a repository:
    ///   a hook's `GIT_DIR` would send every command there.
    public init(environment: [String: String]) {
        self.environment = Self.passed(environment)
    }

    /// How `git <arguments>` is started.
    ///
    /// - Parameters:
    ///   - arguments: names from outside belong after `--` or
    ///     `--end-of-options`.
    ///   - gitDirectory: the repository; `nil` for commands that need none.
    ///   - directory: where it starts.
    public func invocation(
        _ arguments: [String], gitDirectory: FilePath? = nil, directory: FilePath? = nil,
        input: Invocation.Input = .none
    ) -> Invocation {
        Invocation(
            "git", (gitDirectory.map { ["--git-dir=\($0.string)"] } ?? []) + arguments,
            environment: environment, workingDirectory: directory, input: input)
    }

    /// Runs `git <arguments>` and returns what it said.
    ///
    /// - Throws: `ExecError` when it fails.
    @discardableResult
    public func run(
        _ arguments: [String], gitDirectory: FilePath? = nil, directory: FilePath? = nil,
        input: Invocation.Input = .none
    ) async throws -> Completion {
        try await invocation(
            arguments, gitDirectory: gitDirectory, directory: directory, input: input
        ).run().orThrow()
    }

    /// Which git it is.
    ///
    /// - Throws: `ExecError` when there is none; ``GitError`` when it does not
    ///   say.
    public func version() async throws -> GitVersion {
        let said = try await run(["--version"]).text
        guard let version = GitVersion(output: said) else {
            throw GitError(.unsupported, "git does not tell its version: '\(said)'")
        }
        return version
    }

    /// - Throws: ``GitError`` when git is older than ``GitVersion/minimum``.
    public func requireMinimumVersion() async throws {
        let version = try await version()
        guard version >= .minimum else {
            throw GitError(
                .unsupported, "git \(version) is too old: \(GitVersion.minimum) is needed")
        }
    }

    /// Checks every object: `git fsck --strict`.
    ///
    /// - Returns: its complaints; empty when all is well.
    /// - Throws: `ExecError` when it cannot be started.
    public func checkIntegrity(gitDirectory: FilePath) async throws -> [String] {
        let completion = try await invocation(
            ["fsck", "--strict", "--no-dangling", "--no-progress"], gitDirectory: gitDirectory
        ).run()
        let said = completion.output + completion.errors
        let lines = String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
        return completion.status.isSuccess ? [] : lines
    }

    /// Packs what has become many loose objects: libgit2 never does.
    ///
    /// - Throws: `ExecError`.
    public func maintain(gitDirectory: FilePath) async throws {
        try await run(["maintenance", "run", "--auto", "--quiet"], gitDirectory: gitDirectory)
    }
}

extension GitProgram {
    private static func passed(_ environment: [String: String]) -> [String: String] {
        var passed = environment.filter { name, _ in
            names.contains(name) || prefixes.contains(where: name.hasPrefix)
        }
        if passed["PATH"] == nil { passed["PATH"] = Invocation.basicEnvironment["PATH"] }
        // Messages are read by people and, now and then, by us: one language.
        passed["LC_MESSAGES"] = "C"
        return passed
    }

    /// Who one is, where settings, keys and agents are; LC_ALL and LANGUAGE are
    /// not among them, they would outweigh LC_MESSAGES.
    private static let names: Set = [
        "HOME", "USER", "LOGNAME", "PATH", "TMPDIR", "TERM", "TZ", "LANG", "LC_CTYPE",
        "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY",
        "DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME", "GPG_TTY", "GPG_AGENT_INFO", "SSH_AUTH_SOCK",
        "SSH_AGENT_PID", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "GIT_ASKPASS", "GIT_SSH",
        "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_TERMINAL_PROMPT", "GIT_EXEC_PATH",
        "GIT_ALLOW_PROTOCOL", "GIT_PROTOCOL", "http_proxy", "https_proxy", "HTTPS_PROXY",
        "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "EMAIL",
    ]

    private static let prefixes = [
        "GIT_CONFIG_", "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_TRACE", "GIT_HTTP_", "GIT_SSL_",
    ]
}
