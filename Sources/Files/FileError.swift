public import SystemPackage

/// A failed system call on a file.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The error of the system call.
    public let errno: Errno
    /// The attempted action, a verb: `open`, `rename`.
    public let action: String
    /// The path of the file.
    public let path: FilePath

    /// Creates an error from the attempted action and the system's error.
    public init(_ action: String, _ path: FilePath, _ errno: Errno) {
        self.action = action
        self.path = path
        self.errno = errno
    }

    /// Hints for solving the problem, if there is an obvious solution.
    public var hints: [String] {
        switch errno {
        case .noSpace: ["free some space on the file system of '\(path)'"]
        case .permissionDenied, .notPermitted: ["check who owns '\(path)'"]
        case .readOnlyFileSystem:
            ["choose another state directory with 'git config zentoo.state DIR'"]
        default: []
        }
    }

    /// `cannot open 'PATH': No such file or directory`.
    public var description: String { "cannot \(action) '\(path)': \(errno)" }
}
