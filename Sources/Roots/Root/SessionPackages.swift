internal import Builds
internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// The binary packages that emerge can use in a root: the pool to take packages
/// from, and the root's own PKGDIR for those that it makes.
struct SessionPackages {
    /// The flavour's PKGDIR, which a session only reads.
    let pool: FilePath
    /// The root's own PKGDIR of that flavour.
    let binpkgs: FilePath
    /// The replacement for the pool before anything was built.
    private let emptyPool: FilePath

    /// The mount point of the pool in the root.
    static let poolMountPoint = "/run/zentoo/pool"

    init(of flavour: Flavour, for jobs: BuildJobs, in place: RootPlace) {
        pool = place.state.pool.appending(flavour.chost).appending(flavour.id)
        binpkgs = place.binpkgs(of: flavour)
        emptyPool = jobs.view.out.appending("empty-pool")
    }

    /// Creates the directories that are mounted.
    ///
    /// - Throws: `FileError`.
    func prepare() throws {
        for directory in [pool, binpkgs, emptyPool] { try Directory.create(directory) }
        try FileContent.write(
            Array("PACKAGES: 0\nTIMESTAMP: 1\nVERSION: 0\n\n".utf8),
            to: emptyPool.appending("Packages"))
    }

    /// The variables that make emerge use the pool in addition to the root's
    /// own packages.
    var environment: [String: String] {
        ["FEATURES": "getbinpkg", "PORTAGE_BINHOST": "file://\(Self.poolMountPoint)"]
    }

    var mounts: [Mount] {
        [
            .readWrite(source: binpkgs, target: "/var/cache/binpkgs"),
            .readOnly(source: binhost, target: Self.poolMountPoint),
        ]
    }

    /// The pool, or an empty one while the pool has no index: before the first
    /// build Portage would treat it as unreachable.
    private var binhost: FilePath {
        let index = (try? FileStatus.of(pool.appending("Packages"))) ?? nil
        return index == nil ? emptyPool : pool
    }
}
