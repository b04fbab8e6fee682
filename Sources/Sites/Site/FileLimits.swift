internal import Git

/// The limits of Linux file systems that git does not have. What exceeds them
/// could be composed and recorded, but never be written to a directory.
package enum FileLimits {
    /// A problem and its solution.
    package struct Problem: Hashable {
        /// A description of what is too large or too long, in one line.
        package let message: String
        /// A hint for fixing it.
        package let hint: String
    }

    /// `PATH_MAX` minus the maximum length of the path of the state directory,
    /// or of a root's own directory, that may precede it.
    static let longestPath = 4096 - 1024

    /// Returns the problem with a name in a tree; nil if there is none.
    package static func problem(ofName name: [UInt8], path: String) -> Problem? {
        if name.count > TreePath.longestName {
            return Problem(
                message: "the name has \(name.count) bytes, a file's has at most "
                    + "\(TreePath.longestName)",
                hint: "give it a shorter name")
        }
        guard path.utf8.count > longestPath else { return nil }
        return Problem(
            message: "the path has \(path.utf8.count) bytes, more than \(longestPath)",
            hint: "give its directories shorter names")
    }

    /// Returns the problem with the target of a symbolic link; nil if there is
    /// none.
    package static func problem(ofTarget target: [UInt8]) -> Problem? {
        guard !TreePath.isLinkTarget(target) else { return nil }
        let hint = "commit the file itself, or a link to a path"
        return target.isEmpty
            ? Problem(message: "symbolic link without a target", hint: hint)
            : Problem(message: "symbolic link to what can be no path", hint: hint)
    }

    /// Returns the problem with the length of a tuple's name, which is used in
    /// references, locks and directories; nil if there is none.
    static func problem(of tuple: Tuple, site: ZentooName) -> Problem? {
        let length = tuple.text.utf8.count + site.text.utf8.count
        guard length > longestTuple else { return nil }
        return Problem(
            message: "the names of tuple and site have \(length) bytes, more than "
                + "\(longestTuple), and files are called so",
            hint: "give its parts shorter names")
    }

    private static let longestTuple = 230

    /// Returns a path for messages, truncated if it is long.
    package static func shown(_ path: String) -> String {
        let most = 200
        return path.utf8.count <= most ? path : "\(path.prefix(most))..."
    }
}
