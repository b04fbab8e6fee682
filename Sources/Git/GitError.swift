internal import CGit2

/// An operation that git or libgit2 refused.
public struct GitError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error.
    public enum Code: Sendable, Hashable {
        /// There is no such object, reference or repository.
        case notFound
        /// It exists already or has moved since it was read.
        case conflict
        /// Another process holds its lock.
        case locked
        /// Git does not accept the name.
        case invalidName
        /// An abbreviation matches several objects.
        case ambiguous
        /// An object or setting has the wrong type or content.
        case invalid
        /// This repository or program does not support the operation.
        case unsupported
        /// The repository belongs to another user.
        case notOwner
        /// The system refused a file operation; the value is `errno`.
        case system(Int32)
        /// Any other code of libgit2 (git2/errors.h).
        case other(Int32)
    }

    /// The kind of error.
    public let code: Code
    /// The description of the error, in one line.
    public let message: String
    /// The commands to type or settings to change, one per hint.
    public let hints: [String]

    /// Creates an error with hints for fixing it.
    public init(_ code: Code, _ message: String, hints: [String] = []) {
        self.code = code
        self.message = message
        self.hints = hints
    }

    /// The message alone; hints are shown separately.
    public var description: String { message }
}

extension GitError {
    /// Creates an error from libgit2's message about a call on this thread that
    /// just returned `status`.
    init(status: Int32, while action: String) {
        // The message is thread-local and stays until the next failure. It is
        // therefore read at once and cleared, so that a later failure without a
        // message of its own does not repeat it.
        let detail = git_error_last().flatMap { $0.pointee.message.map { String(cString: $0) } }
        git_error_clear()
        self.init(
            Self.code(of: status), detail.map { "\(action): \(Self.trimmed($0))" } ?? action)
    }

    /// libgit2 appends the system's error after a colon, and the colon even
    /// when there is no error.
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

/// Throws unless a call of libgit2 on this thread succeeded; the only place
/// that reads its messages.
///
/// - Parameters:
///   - status: the return value of the call.
///   - action: what failed, such as "cannot read tree 'x'".
/// - Returns: the status.
@discardableResult
func check(_ status: Int32, _ action: @autoclosure () -> String) throws(GitError) -> Int32 {
    guard status < 0 else { return status }
    throw GitError(status: status, while: action())
}

/// Calls `body` with the object that `open` opens, and frees it however `body`
/// ends.
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
