internal import ArgumentParser
internal import Synchronization
internal import SystemPackage

/// The runner of commands: parses arguments, runs the command, reports errors
/// and returns an exit status.
struct CommandRunner: Sendable {
    /// The root command; tests use their own.
    var root: any AsyncParsableCommand.Type = Tool.self
    /// The environment variables of the process.
    var environment: [String: String]
    /// The directory that relative paths start from.
    var workingDirectory: FilePath
    /// The path of this program.
    var executable: FilePath
    /// Standard output.
    var results: any ByteSink
    /// Standard error.
    var messages: any ByteSink
    /// The colour setting of git's configuration; read only if there is a
    /// terminal that can show colours.
    var colorSetting: @Sendable () async -> String? = { nil }
    /// Sets up logging, once the output style is known.
    var startLogging: @Sendable (_ output: Output) -> Void = { _ in }

    /// Runs the command named by `arguments` to its end.
    ///
    /// The first of `interruptions` cancels the command, which then has all the
    /// time it needs to clean up.
    func run(_ arguments: [String], interruptions: AsyncStream<Int32>) async -> CommandStatus {
        let interruption = Interruption()
        return await withTaskGroup(of: CommandStatus?.self) { group in
            group.addTask { await perform(arguments, interruption) }
            group.addTask {
                for await signal in interruptions {
                    interruption.record(signal)
                    break
                }
                return nil
            }
            var status = CommandStatus.done
            for await ended in group {
                if let ended { status = ended }
                group.cancelAll()
            }
            return status
        }
    }

    private func perform(
        _ arguments: [String], _ interruption: Interruption
    ) async -> CommandStatus {
        let parsed: any ParsableCommand
        do {
            parsed = try await root.asyncParseAsRoot(arguments)
        } catch {
            let output = await output(for: nil)
            return finish(output, parsingEnded(by: error, arguments, output))
        }
        guard let command = parsed as? any Command else {
            let output = await output(for: nil)
            return finish(output, runNoCommand(parsed, arguments, output))
        }
        let output = await output(for: command.global)
        startLogging(output)
        let context = CommandContext(
            environment: environment, workingDirectory: workingDirectory,
            executable: executable, output: output)
        do {
            try await command.run(in: context)
            return finish(output, .done)
        } catch {
            return finish(
                output, commandEnded(by: error, command, arguments, output, interruption))
        }
    }

    /// Writes the buffered output. A result that cannot be written is an error
    /// like any other, except that nothing is printed if the reader has closed
    /// the pipe.
    private func finish(_ output: Output, _ status: CommandStatus) -> CommandStatus {
        do {
            try output.finish()
            return status
        } catch Errno.brokenPipe {
            return .signaled(Platform.brokenPipeSignal)
        } catch {
            output.error(ErrorReport(message: "cannot write the result: \(error)"))
            return .fatal
        }
    }

    private func output(for global: GlobalOptions?) async -> Output {
        var manner = Output.Manner()
        manner.isQuiet = global?.quiet ?? false
        manner.isVerbose = global?.verbose ?? false
        if results.isTerminal || messages.isTerminal {
            let color = await colorSetting()
            manner.colorsResults = ColorRule.allows(
                setting: color, environment: environment, isTerminal: results.isTerminal)
            manner.colorsMessages = ColorRule.allows(
                setting: color, environment: environment, isTerminal: messages.isTerminal)
        }
        return Output(results: results, messages: messages, manner: manner)
    }
}

// MARK: Exit status

extension CommandRunner {
    /// Handles an error of parsing, which ArgumentParser also throws if help,
    /// the version or a completion script was requested.
    private func parsingEnded(
        by error: any Error, _ arguments: [String], _ output: Output
    ) -> CommandStatus {
        if root.exitCode(for: error) == .success {
            let page = root.fullMessage(for: error, columns: columns)
            output.result(Usage.spokenPage(page) + "\n")
            return .done
        }
        return usageError(root.message(for: error), arguments, output)
    }

    /// Handles everything that is not a ``Command``: `help`, whose page is
    /// thrown as an error, or a group of commands without a subcommand.
    private func runNoCommand(
        _ parsed: any ParsableCommand, _ arguments: [String], _ output: Output
    ) -> CommandStatus {
        var parsed = parsed
        do {
            try parsed.run()
            return .done
        } catch is CleanExit {
            return usageError("need a subcommand", arguments, output)
        } catch {
            return parsingEnded(by: error, arguments, output)
        }
    }

    private func commandEnded(
        by error: any Error, _ command: any Command, _ arguments: [String], _ output: Output,
        _ interruption: Interruption
    ) -> CommandStatus {
        if let signal = interruption.signal {
            // After a signal, any error is a consequence of the cancellation.
            command.resumption.forEach { output.hint("\($0)") }
            return .signaled(signal)
        }
        switch error {
        case let error as ValidationError:
            return usageError(error.message, arguments, output)
        case is CleanExit:
            return parsingEnded(by: error, arguments, output)
        default:
            let report = ErrorReport(error)
            output.error(report)
            return report.status
        }
    }

    private func usageError(
        _ message: String, _ arguments: [String], _ output: Output
    ) -> CommandStatus {
        let usage = Usage(of: root, for: arguments)
        let message =
            usage.unknownSubcommand.map { "unknown subcommand '\($0)'" }
            ?? Usage.uncapitalized(message)
        output.error(ErrorReport(label: "error", message: message, status: .usage))
        for line in usage.lines { output.usage(line) }
        return .usage
    }

    /// The width of help: the terminal's, but at most 100 columns; 80
    /// elsewhere.
    private var columns: Int { min(results.columns ?? 80, 100) }
}

/// The signal, if any, that interrupted the command.
private final class Interruption: Sendable {
    private let recorded = Mutex<Int32?>(nil)

    var signal: Int32? { recorded.withLock { $0 } }

    func record(_ signal: Int32) {
        recorded.withLock { $0 = signal }
    }
}
