internal import Files
package import Sites
package import SystemPackage

extension StateDirectory {
    /// Returns the PKGDIR of a flavour.
    package func packages(of flavour: Flavour) -> FilePath {
        pool.appending(flavour.chost).appending(flavour.id)
    }

    /// Returns the path of the complete log of a build that has ended, which is
    /// compressed unless compression failed. If there is no log, returns the
    /// path it would have.
    package func log(of build: BuildID) -> FilePath {
        let plain = logs.appending("\(build).log")
        let compressed = logs.appending("\(build).log.zst")
        let isPlain = (try? FileStatus.of(plain)) != nil && (try? FileStatus.of(compressed)) == nil
        return isPlain ? plain : compressed
    }

    /// Creates the directory for the output of a build's jobs. Other users have
    /// no access: jobs can write arbitrary files there, including setuid
    /// programs.
    ///
    /// - Throws: `FileError`.
    package func createResults(of build: BuildID) throws -> FilePath {
        try Directory.create(results, mode: 0o700)
        let directory = results.appending(build.description)
        try Directory.create(directory)
        return directory
    }
}
