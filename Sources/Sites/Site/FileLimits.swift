internal import Git

/// What git holds and no file system of Linux takes: it could be composed and
/// recorded, but never written to a directory.
package enum FileLimits {
    /// What is wrong, and what to do about it.
    package struct Problem: Hashable {
        /// What is too large or too long, in one line.
        package let message: String
        /// What to do about it.
        package let hint: String
    }

    /// `PATH_MAX` less what the path of the state directory, or of a root's own
    /// directory, may have before it.
    static let longestPath = 4096 - 1024

    /// What is wrong with a name in a tree.
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

    /// What is wrong with the target of a symbolic link.
    package static func problem(ofTarget target: [UInt8]) -> Problem? {
        guard !TreePath.isLinkTarget(target) else { return nil }
        let hint = "commit the file itself, or a link to a path"
        return target.isEmpty
            ? Problem(message: "symbolic link without a target", hint: hint)
            : Problem(message: "symbolic link to what can be no path", hint: hint)
    }

    /// What is wrong with the length of a tuple's name: references, locks and
    /// directories are called so.
    static func problem(of tuple: Tuple, site: ZentooName) -> Problem? {
        let length = tuple.text.utf8.count + site.text.utf8.count
        guard length > longestTuple else { return nil }
        return Problem(
            message: "the names of tuple and site have \(length) bytes, more than "
                + "\(longestTuple), and files are called so",
            hint: "give its parts shorter names")
    }

    private static let longestTuple = 230

    /// A path for people: a long one is cut.
    package static func shown(_ path: String) -> String {
        let most = 200
        return path.utf8.count <= most ? path : "\(path.prefix(most))..."
    }
}
