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

    /// Returns the directory of the files that the jobs of a build write or use.
    package func results(of build: BuildID) -> FilePath {
        results.appending(build.description)
    }

    /// Creates the directory for the output of a build's jobs. Other users have
    /// no access: jobs can write arbitrary files there, including setuid
    /// programs.
    ///
    /// - Throws: `FileError`.
    package func createOutput(of build: BuildID) throws -> FilePath {
        try Directory.create(results, mode: 0o700)
        let directory = results(of: build).appending("out")
        try Directory.create(directory)
        return directory
    }

    /// Returns the PKGDIR of the jobs of a build.
    package func jobPackages(of build: BuildID) -> FilePath {
        results(of: build).appending("binpkgs")
    }

    /// Returns the PKGDIR that holds exactly the packages of a record.
    package func recordPackages(of build: BuildID) -> FilePath {
        results(of: build).appending("record")
    }
}
