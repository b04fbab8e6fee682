internal import Glibc
public import SystemPackage

/// The directories in which programs are looked up, as in `PATH` (environ(7)).
public struct SearchPath: Sendable, Hashable {
    private let directories: [String]

    /// Creates a search path.
    ///
    /// - Parameter text: directories separated by colons; an empty one is the
    ///   working directory.
    public init(_ text: String) {
        directories = text.split(separator: ":", omittingEmptySubsequences: false).map {
            $0.isEmpty ? "." : String($0)
        }
    }

    /// Returns the first executable file of this name; nil when there is none.
    public func find(_ name: String) -> FilePath? {
        directories.lazy.map { FilePath($0).appending(name) }.first(where: Self.isProgram)
    }

    private static func isProgram(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && access(path.string, X_OK) == 0
    }
}
