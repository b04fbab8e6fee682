import Exec
import Files
import Glibc
import Subprocess
import Synchronization
import SystemPackage
import TestSupport

/// A command under way, for tests that end it before its time.
struct RunningCommand: Sendable {
    /// What a command said until it ended, and how it ended.
    struct End: Sendable {
        /// Both streams, as one would see them on a terminal.
        let lines: [String]
        let status: ExitStatus

        var text: String { lines.joined(separator: "\n") }
    }

    /// Of the process itself, not of git before it.
    let process: pid_t

    /// Ends the process, and nothing else, without a chance to clean up.
    func killNow() { kill(process, SIGKILL) }

    /// Has the process, and nothing else, stand still.
    func stop() { kill(process, SIGSTOP) }

    /// Has it go on.
    func goOn() { kill(process, SIGCONT) }

    /// What Ctrl-C on a terminal sends to all that is in the foreground.
    func interrupt() { kill(-process, SIGINT) }
}

extension DemoSite {
    /// Starts `program` and tells of each line it says; it may be ended any time.
    ///
    /// - Parameters:
    ///   - onStart: is given the process as soon as it is there.
    ///   - onLine: is given each line, with the process.
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

    /// Runs git-zentoo itself, without git before it, and kills it.
    ///
    /// - Parameter mark: what is in the first line at which it is killed; or, after
    ///   `exec: `, the program and first arguments that it starts then. What it
    ///   started runs on.
    /// - Returns: nil when it ended before.
    func killed(
        at mark: String, _ arguments: String...
    ) async throws -> RunningCommand.End? {
        var traced = self
        traced.environment["ZENTOO_TRACE"] = "1"
        // Only root can put a program in the place of another.
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

    /// What unshare(1) is to be told before a command that a program kills when it
    /// starts that like this. Told by a line of the trace, we might come too late.
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

    /// git-zentoo as a program.
    static var program: String { DemoWorkshop.programs.appending("git-zentoo").string }

    /// Waits until nothing runs any more that has to do with this site. A tar(1)
    /// that has lost who started it compresses a stage to its end.
    ///
    /// - Returns: what runs still when nobody waits any longer.
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
