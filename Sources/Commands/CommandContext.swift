internal import Sites
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
    /// Where what git hands to hooks comes from.
    var input: FileDescriptor = .standardInput

    /// `path` as it is meant by somebody who stands in ``workingDirectory``.
    func resolve(_ path: String) -> FilePath {
        workingDirectory.pushing(FilePath(path))
    }

    /// All of ``input``.
    ///
    /// - Throws: `ZentooError` when it is more than `limit` bytes; `Errno`.
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
