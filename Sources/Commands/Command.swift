internal import ArgumentParser

/// A command of git-zentoo: its options, and one call that does it.
///
/// A command parses, calls the library once and shows the result once; it
/// never calls another command, never reads the process's own environment,
/// and writes through `context.output` alone.
protocol Command: AsyncParsableCommand {
    /// How much it says.
    var global: GlobalOptions { get }

    /// What to type after an interrupt to go on where it stopped.
    var resumption: [String] { get }

    /// Does it.
    ///
    /// - Throws: any module's error, which ends the process with 128;
    ///   ``NegativeAnswer`` when the answer is a failure that has been shown,
    ///   which ends it with 1.
    func run(in context: CommandContext) async throws
}

extension Command {
    /// Most commands leave nothing half done.
    var resumption: [String] { [] }
}
