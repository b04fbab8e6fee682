public import Exec
public import SystemPackage

/// git(1), for what libgit2 cannot do: settings given by `git -c`, signing,
/// transports, checks and maintenance.
///
/// Its methods take the git directory of a repository, since a ``Repository``
/// must not be used across a suspension.
public struct GitProgram: Sendable {
    /// The environment of git and the programs it starts.
    public let environment: [String: String]

    /// Creates a program with the variables that git and its helpers need.
    ///
    /// - Parameter environment: the caller's whole environment. Variables that
    ///   name a repository are never passed on: a hook's `GIT_DIR` would
    ///   redirect every command there.
    public init(environment: [String: String]) {
        self.environment = Self.passed(environment)
    }

    /// Returns the invocation of `git <arguments>`.
    ///
    /// - Parameters:
    ///   - arguments: names from outside belong after `--` or
    ///     `--end-of-options`.
    ///   - gitDirectory: the repository; `nil` for commands that need none.
    ///   - directory: the working directory.
    ///   - input: the standard input.
    public func invocation(
        _ arguments: [String], gitDirectory: FilePath? = nil, directory: FilePath? = nil,
        input: Invocation.Input = .none
    ) -> Invocation {
        Invocation(
            "git", (gitDirectory.map { ["--git-dir=\($0.string)"] } ?? []) + arguments,
            environment: environment, workingDirectory: directory, input: input)
    }

    /// Runs `git <arguments>` and returns its output.
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

    /// Returns the version of git.
    ///
    /// - Throws: `ExecError` when git is missing; ``GitError`` when its output
    ///   is not understood.
    public func version() async throws -> GitVersion {
        let said = try await run(["--version"]).text
        guard let version = GitVersion(output: said) else {
            throw GitError(.unsupported, "git does not tell its version: '\(said)'")
        }
        return version
    }

    /// Checks the version of git.
    ///
    /// - Throws: ``GitError`` when git is older than ``GitVersion/minimum``.
    public func requireMinimumVersion() async throws {
        let version = try await version()
        guard version >= .minimum else {
            throw GitError(
                .unsupported, "git \(version) is too old: \(GitVersion.minimum) is needed")
        }
    }

    /// Checks every object with `git fsck --strict`.
    ///
    /// - Returns: its messages; empty when there are no errors.
    /// - Throws: `ExecError` when it cannot be started.
    public func checkIntegrity(gitDirectory: FilePath) async throws -> [String] {
        let completion = try await invocation(
            ["fsck", "--strict", "--no-dangling", "--no-progress"], gitDirectory: gitDirectory
        ).run()
        let said = completion.output + completion.errors
        let lines = String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
        return completion.status.isSuccess ? [] : lines
    }

    /// Packs loose objects when there are many, which libgit2 never does.
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
        // Users and, occasionally, this program read messages: one language for
        // all.
        passed["LC_MESSAGES"] = "C"
        return passed
    }

    /// Variables that identify the user and locate settings, keys and agents.
    /// LC_ALL and LANGUAGE are missing since they would override LC_MESSAGES.
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
