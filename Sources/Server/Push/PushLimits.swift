internal import Git

/// How much a branch may hold that is pushed. What is read of it, is read in
/// the push; without a limit somebody could keep the server busy with that.
struct PushLimits {
    /// `zentoo.maxFileSize`: the most bytes of a file.
    var fileSize = 16 << 20
    /// `zentoo.maxFiles`: the most files and directories of a branch.
    var files = 10_000
    /// `zentoo.maxTuples`: the most lines of `config/tuples`.
    var tuples = 10_000

    /// The most bytes of a file whose lines are read.
    static let textSize = 1 << 20
    /// The deepest directory.
    static let depth = 64

    init() {}

    /// - Throws: `GitError` for a value that is no number.
    init(_ configuration: Configuration) throws {
        if let value = try configuration.int("zentoo.maxFileSize") { fileSize = value }
        if let value = try configuration.int("zentoo.maxFiles") { files = value }
        if let value = try configuration.int("zentoo.maxTuples") { tuples = value }
    }
}
