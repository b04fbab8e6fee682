public import Engines
internal import Glibc
public import SystemPackage

/// The programs that were built together.
public enum BuiltPrograms {
    /// The running tests as a program.
    public static let tests: FilePath = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return FilePath(platformString: buffer)
    }()

    /// Where they are.
    public static let directory = tests.removingLastComponent()

    /// The git-zentoo beside these tests.
    public static let gitZentoo = directory.appending("git-zentoo")
}

extension Privileges {
    /// What the process has that runs the tests.
    public static let ofTests = Privileges.current(launcher: BuiltPrograms.gitZentoo)
}
