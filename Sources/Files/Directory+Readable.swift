internal import Glibc
public import SystemPackage

extension Directory {
    /// Makes a directory and everything in it readable for all users, and
    /// whatever its owner may execute executable for all users: the umask of
    /// the process that created it may have prevented that.
    ///
    /// Symbolic links are neither changed nor followed.
    ///
    /// - Throws: ``FileError``.
    public static func makeReadable(_ path: FilePath) throws {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else {
            throw FileError("look at", path, Errno(rawValue: errno))
        }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        guard isDirectory || status.st_mode & S_IFMT == S_IFREG else { return }
        let wanted: mode_t = isDirectory || status.st_mode & 0o100 != 0 ? 0o555 : 0o444
        if status.st_mode & wanted != wanted {
            guard path.withPlatformString({ chmod($0, status.st_mode & 0o7777 | wanted) }) == 0
            else {
                throw FileError("change permissions of", path, Errno(rawValue: errno))
            }
        }
        guard isDirectory else { return }
        for name in try names(in: path) { try makeReadable(path.appending(name)) }
    }
}
