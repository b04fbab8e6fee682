internal import Glibc
internal import SystemPackage

/// The mode in which git-zentoo runs when ``Privileges`` of an unprivileged
/// user start it: it creates a user namespace and executes another program in
/// it.
public enum NamespaceLauncher {
    /// The first argument that selects this mode; the program and its arguments
    /// follow.
    public static let flag = "--in-user-namespace"

    /// Executes a program as root of a user namespace.
    ///
    /// - Parameter arguments: the arguments after ``flag``.
    public static func main(arguments: some Collection<String>) -> Never {
        guard let program = arguments.first else {
            LocalLauncher.fail("'\(flag)' is for git-zentoo itself")
        }
        do {
            try UserNamespace.enter()
        } catch {
            LocalLauncher.fail("\(error)")
        }
        let words = arguments.map { strdup($0) }
        execvp(program, words + [nil])
        // The exit statuses that a shell uses.
        let error = Errno(rawValue: errno)
        LocalLauncher.fail(
            "cannot run '\(program)': \(error)",
            status: error == .noSuchFileOrDirectory ? 127 : 126)
    }
}
