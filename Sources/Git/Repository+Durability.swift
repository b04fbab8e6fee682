internal import CGit2
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

extension Repository {
    /// Waits until everything that was written to the repository is on disk.
    ///
    /// One syncfs(2) of the file system it lies on: libgit2 can sync each object
    /// as it is written (`GIT_OPT_ENABLE_FSYNC_GITDIR`), which for the thousand
    /// small objects of a large record takes some sixty times as long.
    ///
    /// - Throws: ``GitError``.
    public func synchronize() throws {
        let place = commonDirectory
        do {
            let descriptor = try FileDescriptor.open(
                place, .readOnly, options: [.directory, .closeOnExec])
            try descriptor.closeAfter {
                guard syncfs(descriptor.rawValue) == 0 else {
                    throw Errno(rawValue: errno)
                }
            }
        } catch let error as Errno {
            throw GitError(.system(error.rawValue), "cannot sync '\(place)': \(error)")
        }
    }
}
