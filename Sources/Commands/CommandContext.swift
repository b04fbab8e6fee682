internal import Sites
internal import SystemPackage

/// Everything a command may know about its process.
///
/// Created once, at the entry point, from the real process; tests create their
/// own and run commands concurrently. That would not be possible if commands
/// read `getenv` or wrote to descriptors.
struct CommandContext: Sendable {
    /// The environment variables of the process.
    var environment: [String: String]
    /// The directory that relative paths start from.
    var workingDirectory: FilePath
    /// The path of this program, for engines that run it again.
    var executable: FilePath
    /// The destination of results and messages.
    var output: Output
    /// The input that git passes to hooks.
    var input: FileDescriptor = .standardInput

    /// Returns `path`, resolved against ``workingDirectory``.
    func resolve(_ path: String) -> FilePath {
        workingDirectory.pushing(FilePath(path))
    }

    /// Reads ``input`` to its end.
    ///
    /// - Throws: `ZentooError` if it is longer than `limit` bytes; `Errno`.
    func readInput(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try input.read(into: $0) }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else {
                throw ZentooError(.unsupported, "standard input has more than \(limit) bytes")
            }
            bytes += buffer[..<count]
        }
    }
}
