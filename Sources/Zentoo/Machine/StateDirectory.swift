internal import Files
public import SystemPackage

/// Everything git-zentoo keeps outside git on one machine
/// (`zentoo.state`). All but pool, distfiles and logs can be deleted and is
/// made again.
public struct StateDirectory: Sendable, Hashable {
    /// The directory itself.
    public let path: FilePath
    /// The binary packages, `<CHOST>/<flavour>/` (`zentoo.pool`).
    public let pool: FilePath
    /// The sources (`zentoo.distdir`).
    public let distfiles: FilePath

    /// A state directory whose pool and distfiles may lie elsewhere.
    public init(path: FilePath, pool: FilePath? = nil, distfiles: FilePath? = nil) {
        self.path = path
        self.pool = pool ?? path.appending("pool")
        self.distfiles = distfiles ?? path.appending("distfiles")
    }

    /// The PKGDIR of a flavour.
    func packages(of flavour: Flavour) -> FilePath {
        pool.appending(flavour.chost).appending(flavour.id)
    }
    /// The stages that were bootstrapped, beside the packages: whoever has the
    /// pool has them.
    public var madeStages: FilePath { pool.appending(Self.madeStages) }
    /// Its name in the pool.
    static let madeStages = "stages"
    /// The archive of such a stage.
    public func archive(of stage: SHA256Digest) -> FilePath {
        madeStages.appending("\(stage).tar.zst")
    }
    /// What compilers made of sources, `<CHOST>/<flavour>/`, for ccache(1).
    public var ccache: FilePath { path.appending("ccache") }
    /// Full logs of builds.
    public var logs: FilePath { path.appending("logs") }
    /// The full log of a build that has ended, compressed but where that could not
    /// be done; the name it would have where there is none.
    public func log(of build: BuildID) -> FilePath {
        let plain = logs.appending("\(build).log")
        let compressed = logs.appending("\(build).log.zst")
        let isPlain = (try? FileStatus.of(plain)) != nil && (try? FileStatus.of(compressed)) == nil
        return isPlain ? plain : compressed
    }
    /// What can be computed again.
    public var cache: FilePath { path.appending("cache") }
    /// Locks between processes of this machine.
    public var locks: FilePath { path.appending("locks") }
    /// The roots' work trees and their own packages, by name.
    public var roots: FilePath { path.appending("roots") }
    /// What running jobs hand out, by build.
    public var results: FilePath { path.appending("results") }
}
