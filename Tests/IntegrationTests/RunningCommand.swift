import Exec
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

    /// Runs git-zentoo itself, without git before it, and kills it at the
    /// first line that holds `mark`. It traces each program it starts.
    ///
    /// - Returns: nil when it ended before such a line came.
    func killed(
        at mark: String, _ arguments: String...
    ) async throws -> RunningCommand.End? {
        var traced = self
        traced.environment["ZENTOO_TRACE"] = "1"
        let end = try await traced.follow(
            Self.program, arguments,
            onLine: { command, line in
                if line.contains(mark) { command.killNow() }
            })
        return end.status == .signaled(SIGKILL) ? end : nil
    }

    /// git-zentoo as a program.
    static var program: String { DemoWorkshop.programs.appending("git-zentoo").string }

    /// Waits until nothing runs any more that has to do with this site. A tar(1)
    /// that has lost who started it compresses a stage to its end.
    ///
    /// - Returns: what runs still after two minutes.
    func processesLeft() async throws -> [String] {
        for _ in 0..<1200 {
            if try Processes.commandLines(with: root.string).isEmpty { return [] }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try Processes.commandLines(with: root.string)
    }
}
