internal import SystemPackage

/// All that a command may know of the process it runs in.
///
/// Made once, at the entry point, from the real process; tests make their own
/// and run commands beside each other. A command that read `getenv` or wrote
/// to a descriptor could not be tested so.
struct CommandContext: Sendable {
    /// The variables of the process.
    var environment: [String: String]
    /// Where relative paths begin.
    var workingDirectory: FilePath
    /// The file of this program, for engines that run it again.
    var executable: FilePath
    /// Where results and messages go.
    var output: Output

    /// `path` as it is meant by somebody who stands in ``workingDirectory``.
    func resolve(_ path: String) -> FilePath {
        workingDirectory.pushing(FilePath(path))
    }
}
