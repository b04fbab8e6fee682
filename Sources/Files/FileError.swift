public import SystemPackage

/// The system refused something about a file.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system's reason.
    public let errno: Errno
    /// What was attempted, in a verb: `open`, `rename`.
    public let action: String
    /// The file.
    public let path: FilePath

    /// What the system refused, and why.
    public init(_ action: String, _ path: FilePath, _ errno: Errno) {
        self.action = action
        self.path = path
        self.errno = errno
    }

    /// What to do about it, where that is plain.
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
