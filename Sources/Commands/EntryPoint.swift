internal import Exec
internal import SystemPackage

/// Where the process becomes values and, at the end, a status.
public enum EntryPoint {
    /// Runs the command that `arguments` name, without the program's own
    /// name, and ends the process with its status.
    public static func main(arguments: [String]) async -> Never {
        Platform.ignoreBrokenPipes()
        let environment = Platform.environment()
        let workingDirectory = Platform.workingDirectory()
        let runner = CommandRunner(
            environment: environment, workingDirectory: workingDirectory,
            executable: Platform.executable(),
            results: DescriptorSink(descriptor: .standardOutput),
            messages: DescriptorSink(descriptor: .standardError),
            colorSetting: { await colorSetting(environment, workingDirectory) },
            startLogging: { Trace.start(environment["ZENTOO_TRACE"], output: $0) })
        switch await runner.run(arguments, interruptions: TerminationSignals.watch()) {
        case .signaled(let signal): Platform.die(by: signal)
        case let status: Platform.leave(with: status.code)
        }
    }

    /// `color.zentoo`, else `color.ui`: git's own answer, so that includes and
    /// `git -c color.ui=never zentoo` count.
    private static func colorSetting(
        _ environment: [String: String], _ workingDirectory: FilePath
    ) async -> String? {
        let answer = try? await Invocation(
            "git", ["config", "--get-regexp", #"^color\.(ui|zentoo)$"#],
            environment: environment, workingDirectory: workingDirectory
        ).run().orThrow()
        let lines = (answer?.text ?? "").split(separator: "\n").map { $0.split(separator: " ") }
        let last = { (key: String) in lines.last { $0.first == key[...] } }
        guard let line = last("color.zentoo") ?? last("color.ui") else { return nil }
        // A key without a value is true, as git-config(1) has it.
        return line.count > 1 ? String(line[1]) : "true"
    }
}
