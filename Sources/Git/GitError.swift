internal import CGit2

/// Something git or libgit2 would not do.
public struct GitError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of obstacle it is.
    public enum Code: Sendable, Hashable {
        /// There is no such object, reference or repository.
        case notFound
        /// It exists already, or has moved since it was read.
        case conflict
        /// Another process holds its lock.
        case locked
        /// A name git does not accept.
        case invalidName
        /// An abbreviation fits several objects.
        case ambiguous
        /// An object or setting is not what its place asks for.
        case invalid
        /// This repository or program cannot do it.
        case unsupported
        /// The repository belongs to somebody else.
        case notOwner
        /// The system refused a file operation; the value is `errno`.
        case system(Int32)
        /// Any other code of libgit2 (git2/errors.h).
        case other(Int32)
    }

    /// What kind of obstacle it is.
    public let code: Code
    /// What is wrong, in one line.
    public let message: String
    /// What to type or change, one hint a line.
    public let hints: [String]

    /// An obstacle with the way round it.
    public init(_ code: Code, _ message: String, hints: [String] = []) {
        self.code = code
        self.message = message
        self.hints = hints
    }

    /// The message alone; hints are shown apart.
    public var description: String { message }
}

extension GitError {
    /// Reads what libgit2 said about a call on this thread that just returned
    /// `status`.
    init(status: Int32, while action: String) {
        // The message is thread-local and stays until the next failure, so it
        // is read at once and cleared, lest a later failure without a message
        // of its own repeats it.
        let detail = git_error_last().flatMap { $0.pointee.message.map { String(cString: $0) } }
        git_error_clear()
        self.init(
            Self.code(of: status), detail.map { "\(action): \(Self.trimmed($0))" } ?? action)
    }

    /// libgit2 appends the system's error, and the colon when there is none.
    private static func trimmed(_ detail: String) -> Substring {
        detail.hasSuffix(": ") ? detail.dropLast(2) : detail[...]
    }

    private static func code(of status: Int32) -> Code {
        switch git_error_code(status) {
        case GIT_ENOTFOUND, GIT_EUNBORNBRANCH: .notFound
        case GIT_EEXISTS, GIT_EMODIFIED, GIT_ECONFLICT, GIT_EMERGECONFLICT: .conflict
        case GIT_ELOCKED: .locked
        case GIT_EINVALIDSPEC: .invalidName
        case GIT_EAMBIGUOUS: .ambiguous
        case GIT_EINVALID, GIT_EPEEL: .invalid
        case GIT_EOWNER: .notOwner
        default: .other(status)
        }
    }
}

/// Throws unless a call of libgit2 on this thread succeeded: the one place its
/// messages are read.
///
/// - Parameter action: what could not be done, such as "cannot read tree 'x'".
@discardableResult
func check(_ status: Int32, _ action: @autoclosure () -> String) throws(GitError) -> Int32 {
    guard status < 0 else { return status }
    throw GitError(status: status, while: action())
}

/// Runs `body` with what `open` opened, and frees it however `body` ends.
func withHandle<Result>(
    _ action: @autoclosure () -> String, freedBy free: (OpaquePointer?) -> Void,
    _ open: (inout OpaquePointer?) -> Int32, _ body: (OpaquePointer) throws -> Result
) throws -> Result {
    var pointer: OpaquePointer?
    try check(open(&pointer), action())
    guard let pointer else { throw GitError(.other(-1), action()) }
    defer { free(pointer) }
    return try body(pointer)
}
