package import SystemPackage

/// Everything git-zentoo keeps outside git on one machine
/// (`zentoo.state`). All but pool, distfiles and logs can be deleted and is
/// made again.
package struct StateDirectory: Sendable, Hashable {
    /// The directory itself.
    package let path: FilePath
    /// The binary packages, `<CHOST>/<flavour>/` (`zentoo.pool`).
    package let pool: FilePath
    /// The sources (`zentoo.distdir`).
    package let distfiles: FilePath

    /// A state directory whose pool and distfiles may lie elsewhere.
    package init(path: FilePath, pool: FilePath? = nil, distfiles: FilePath? = nil) {
        self.path = path
        self.pool = pool ?? path.appending("pool")
        self.distfiles = distfiles ?? path.appending("distfiles")
    }

    /// The stages that were bootstrapped, beside the packages: whoever has the
    /// pool has them.
    package var madeStages: FilePath { pool.appending(Self.madeStages) }
    /// Its name in the pool.
    package static let madeStages = "stages"
    /// The archive of such a stage.
    package func archive(of stage: SHA256Digest) -> FilePath {
        madeStages.appending("\(stage).tar.zst")
    }
    /// What compilers made of sources, `<CHOST>/<flavour>/`, for ccache(1).
    package var ccache: FilePath { path.appending("ccache") }
    /// Full logs of builds.
    package var logs: FilePath { path.appending("logs") }
    /// What can be computed again.
    package var cache: FilePath { path.appending("cache") }
    /// Locks between processes of this machine.
    package var locks: FilePath { path.appending("locks") }
    /// The roots' work trees and their own packages, by name.
    package var roots: FilePath { path.appending("roots") }
    /// What running jobs hand out, by build.
    package var results: FilePath { path.appending("results") }
}
