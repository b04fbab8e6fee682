internal import Glibc
internal import SystemPackage

/// What git-zentoo is when a plain user's ``Privileges`` start it: it makes a
/// user namespace and becomes another program in it.
public enum NamespaceLauncher {
    /// The first argument that makes git-zentoo such a launcher; the program
    /// and its arguments follow.
    public static let flag = "--in-user-namespace"

    /// Becomes a program, as root of a user namespace.
    ///
    /// - Parameter arguments: those behind ``flag``.
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
        // The numbers are a shell's.
        let error = Errno(rawValue: errno)
        LocalLauncher.fail(
            "cannot run '\(program)': \(error)",
            status: error == .noSuchFileOrDirectory ? 127 : 126)
    }
}
