internal import CGit2
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
internal import SystemPackage

extension Repository {
    /// Waits until everything written to the repository is on disk.
    ///
    /// This is one syncfs(2) of its file system: libgit2 can sync each object
    /// as it is written (`GIT_OPT_ENABLE_FSYNC_GITDIR`), which takes some sixty
    /// times as long for the thousand small objects of a large record.
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
