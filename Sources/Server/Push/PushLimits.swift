internal import Git

/// The size limits of a pushed branch, which is read during the push: without
/// limits a pusher could keep the server busy.
struct PushLimits {
    /// `zentoo.maxFileSize`: the maximum size of a file in bytes.
    var fileSize = 16 << 20
    /// `zentoo.maxFiles`: the maximum number of files and directories of a
    /// branch.
    var files = 10_000
    /// `zentoo.maxTuples`: the maximum number of lines of `config/tuples`.
    var tuples = 10_000

    /// The maximum size in bytes of a file that is read line by line.
    static let textSize = 1 << 20
    /// The maximum depth of directories.
    static let depth = 64

    init() {}

    /// - Throws: `GitError` for a value that is not a number.
    init(_ configuration: Configuration) throws {
        if let value = try configuration.int("zentoo.maxFileSize") { fileSize = value }
        if let value = try configuration.int("zentoo.maxFiles") { files = value }
        if let value = try configuration.int("zentoo.maxTuples") { tuples = value }
    }
}
