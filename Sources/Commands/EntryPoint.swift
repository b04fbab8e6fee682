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
            setting: { await setting($0, environment, workingDirectory) },
            startLogging: { Trace.start(environment["ZENTOO_TRACE"], output: $0) })
        switch await runner.run(arguments, interruptions: TerminationSignals.watch()) {
        case .signaled(let signal): Platform.die(by: signal)
        case let status: Platform.leave(with: status.code)
        }
    }

    /// git's own answer, includes and command-line settings considered.
    private static func setting(
        _ key: String, _ environment: [String: String], _ workingDirectory: FilePath
    ) async -> String? {
        let answer = try? await Invocation(
            "git", ["config", "--get", key], environment: environment,
            workingDirectory: workingDirectory
        ).run().orThrow()
        return answer?.text
    }
}
