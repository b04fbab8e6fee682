public import Engines
internal import Glibc
public import SystemPackage

/// The programs that were built together with the tests.
public enum BuiltPrograms {
    /// The running test program.
    public static let tests: FilePath = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return FilePath(platformString: buffer)
    }()

    /// The directory of the programs.
    public static let directory = tests.removingLastComponent()

    /// The git-zentoo built together with these tests.
    public static let gitZentoo = directory.appending("git-zentoo")
}

extension Privileges {
    /// The privileges of the process that runs the tests.
    public static let ofTests = Privileges.current(launcher: BuiltPrograms.gitZentoo)
}
