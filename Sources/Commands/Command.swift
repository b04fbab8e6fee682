internal import ArgumentParser

/// A command of git-zentoo: its options, and one call that runs it.
///
/// A command parses, calls the library once and shows the result once; it never
/// calls another command, never reads the process's own environment, and writes
/// through `context.output` alone.
protocol Command: AsyncParsableCommand {
    /// The verbosity options.
    var global: GlobalOptions { get }

    /// Hints on how to continue after an interrupt.
    var resumption: [String] { get }

    /// Runs the command.
    ///
    /// - Throws: any module's error, which ends the process with 128;
    ///   ``NegativeAnswer`` if the result is a failure that has been shown,
    ///   which ends it with 1; ``CommandEnded``, which ends it with the status
    ///   of a command that was run for the user.
    func run(in context: CommandContext) async throws
}

extension Command {
    /// Most commands leave nothing to resume.
    var resumption: [String] { [] }
}
