import Exec
import Files
import Glibc
import Subprocess
import Synchronization
import SystemPackage
import TestSupport

/// A running command, for tests that end it early.
struct RunningCommand: Sendable {
    /// The output of a command until it ended, and its exit status.
    struct End: Sendable {
        /// Both streams, as on a terminal.
        let lines: [String]
        let status: ExitStatus

        var text: String { lines.joined(separator: "\n") }
    }

    /// The id of the process itself, not of git that would start it.
    let process: pid_t

    /// Kills only this process, without a chance to clean up.
    func killNow() { kill(process, SIGKILL) }

    /// Stops only this process.
    func stop() { kill(process, SIGSTOP) }

    /// Continues the process.
    func goOn() { kill(process, SIGCONT) }

    /// Sends what Ctrl-C on a terminal sends to the foreground process group.
    func interrupt() { kill(-process, SIGINT) }
}

extension DemoSite {
    /// Starts `program` and reports each line of its output; it can be ended at any
    /// time.
    ///
    /// - Parameters:
    ///   - onStart: called with the process as soon as it runs.
    ///   - onLine: called with the process and each line.
    func follow(
        _ program: String, _ arguments: [String],
        onStart: @escaping @Sendable (RunningCommand) async throws -> Void = { _ in },
        onLine: @escaping @Sendable (RunningCommand, String) -> Void = { _, _ in }
    ) async throws -> RunningCommand.End {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        var options = PlatformOptions()
        options.createSession = true
        let configuration = Configuration(
            executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(arguments), environment: .custom(variables),
            workingDirectory: repository, platformOptions: options)
        let lines = Mutex<[String]>([])
        let result = try await Subprocess.run(
            configuration, input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            let command = RunningCommand(process: execution.processIdentifier.value)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await onStart(command) }
                for try await line in execution.standardOutput.strings() {
                    let text = line.last == "\n" ? String(line.dropLast()) : line
                    lines.withLock { $0.append(text) }
                    onLine(command, text)
                }
                group.cancelAll()
            }
        }
        let status: ExitStatus =
            switch result.terminationStatus {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .signaled(signal)
            }
        return RunningCommand.End(lines: lines.withLock { $0 }, status: status)
    }

    /// Runs git-zentoo itself, without git, and kills it.
    ///
    /// - Parameter mark: a part of the line at which it is killed; or, after
    ///   `exec: `, a program and its first arguments, at whose start it is killed.
    ///   The programs that it started continue.
    /// - Returns: nil if it ended before.
    func killed(
        at mark: String, _ arguments: String...
    ) async throws -> RunningCommand.End? {
        var traced = self
        traced.environment["ZENTOO_TRACE"] = "1"
        // Only root can mount one program over another.
        if mark.hasPrefix("exec: "), DemoWorkshop.isRoot {
            let killing = try killer(ofStartersOf: String(mark.dropFirst("exec: ".count)))
            let end = try await traced.follow("unshare", killing + [Self.program] + arguments)
            return end.status == .signaled(SIGKILL) ? end : nil
        }
        let end = try await traced.follow(
            Self.program, arguments,
            onLine: { command, line in
                if line.contains(mark) { command.killNow() }
            })
        return end.status == .signaled(SIGKILL) ? end : nil
    }

    /// Returns the arguments of unshare(1) for a command that is killed by a
    /// program as soon as it starts that program. A kill upon a line of the trace
    /// might come too late.
    private func killer(ofStartersOf command: String) throws -> [String] {
        let words = command.split(separator: " ", maxSplits: 1).map(String.init)
        guard let program = SearchPath(environment["PATH"] ?? "").find(words[0]) else {
            throw Errno.noSuchFileOrDirectory
        }
        let folder = root.appending("killers-\(UInt32.random(in: .min ... .max))")
        try Directory.create(folder)
        try FileContent.write(
            Array(
                """
                #!/bin/sh
                case "$*" in "\(words.dropFirst().first ?? "")"*) kill -KILL $PPID ;; esac
                exec \(folder)/true-\(words[0]) "$@"

                """.utf8),
            to: folder.appending(words[0]), permissions: .ownerReadWriteExecute)
        let script = """
            cp '\(program)' '\(folder)/true-\(words[0])'
            mount --bind '\(folder)/\(words[0])' '\(program)'
            exec "$@"
            """
        return ["--mount", "--propagation", "private", "--", "sh", "-euc", script, "sh"]
    }

    /// The path of the program git-zentoo.
    static var program: String { DemoWorkshop.programs.appending("git-zentoo").string }

    /// Waits until no process of this site runs. A tar(1) whose parent was killed
    /// compresses a stage to its end.
    ///
    /// - Returns: the processes that still run when the wait times out.
    func processesLeft() async throws -> [String] {
        do {
            try await Patience.wait(for: "no process is left", every: .milliseconds(100)) {
                try Processes.commandLines(with: root.string).isEmpty
            }
            return []
        } catch is NothingCame {
            return try Processes.commandLines(with: root.string)
        }
    }
}
