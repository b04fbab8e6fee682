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
}
