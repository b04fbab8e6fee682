internal import Files
package import Sites
package import SystemPackage

extension StateDirectory {
    /// The PKGDIR of a flavour.
    package func packages(of flavour: Flavour) -> FilePath {
        pool.appending(flavour.chost).appending(flavour.id)
    }

    /// The full log of a build that has ended, compressed but where that could not
    /// be done; the name it would have where there is none.
    package func log(of build: BuildID) -> FilePath {
        let plain = logs.appending("\(build).log")
        let compressed = logs.appending("\(build).log.zst")
        let isPlain = (try? FileStatus.of(plain)) != nil && (try? FileStatus.of(compressed)) == nil
        return isPlain ? plain : compressed
    }

    /// Creates the directory of what a build's jobs hand out. Nobody else may
    /// enter it: jobs write there whatever they like, also programs that run with
    /// their owner's rights.
    ///
    /// - Throws: `FileError`.
    package func createResults(of build: BuildID) throws -> FilePath {
        try Directory.create(results, mode: 0o700)
        let directory = results.appending(build.description)
        try Directory.create(directory)
        return directory
    }
}
