#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

extension FilePath {
    /// Returns the path without symbolic links, `.` and `..`; `nil` when there
    /// is no such file.
    func resolved() -> FilePath? {
        withPlatformString { path in
            guard let real = realpath(path, nil) else { return nil }
            defer { free(real) }
            return FilePath(platformString: real)
        }
    }
}
