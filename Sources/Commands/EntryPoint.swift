internal import Exec
internal import SystemPackage

/// The entry point: turns the properties of the process into values, and the
/// result into an exit status.
public enum EntryPoint {
    /// Runs the command named by `arguments`, which do not include the
    /// program's own name, and ends the process with its status.
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

    /// Returns `color.zentoo`, else `color.ui`. git itself is asked, so that
    /// includes and `git -c color.ui=never zentoo` take effect.
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
        // A key without a value is true (git-config(1)).
        return line.count > 1 ? String(line[1]) : "true"
    }
}
