package import SystemPackage

/// The data that git-zentoo keeps outside git on one machine (`zentoo.state`).
/// Everything except the pool, distfiles and logs can be deleted and is
/// recreated.
package struct StateDirectory: Sendable, Hashable {
    /// The directory itself.
    package let path: FilePath
    /// The directory of binary packages, `<CHOST>/<flavour>/` (`zentoo.pool`).
    package let pool: FilePath
    /// The directory of source files (`zentoo.distdir`).
    package let distfiles: FilePath

    /// Creates a state directory whose pool and distfiles may be elsewhere.
    package init(path: FilePath, pool: FilePath? = nil, distfiles: FilePath? = nil) {
        self.path = path
        self.pool = pool ?? path.appending("pool")
        self.distfiles = distfiles ?? path.appending("distfiles")
    }

    /// The directory of bootstrapped stages. It is in the pool, so that every
    /// machine with the pool has them.
    package var madeStages: FilePath { pool.appending(Self.madeStages) }
    /// Its name in the pool.
    package static let madeStages = "stages"
    /// Returns the path of the archive of such a stage.
    package func archive(of stage: SHA256Digest) -> FilePath {
        madeStages.appending("\(stage).tar.zst")
    }
    /// The directory of ccache(1), `<CHOST>/<flavour>/`.
    package var ccache: FilePath { path.appending("ccache") }
    /// The directory of full build logs.
    package var logs: FilePath { path.appending("logs") }
    /// The directory of data that can be recomputed.
    package var cache: FilePath { path.appending("cache") }
    /// The directory of locks between processes of this machine.
    package var locks: FilePath { path.appending("locks") }
    /// The directory of the roots' work trees and their own packages, by name.
    package var roots: FilePath { path.appending("roots") }
    /// The directory of the files that the jobs of running builds write or use,
    /// by build.
    package var results: FilePath { path.appending("results") }
}
