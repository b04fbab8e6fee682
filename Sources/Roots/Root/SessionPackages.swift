internal import Builds
internal import Engines
internal import Files
internal import Records
internal import Sites
internal import SystemPackage

/// What emerge has in a root: the pool to take packages from, and a PKGDIR of
/// the root's own for those that it makes.
struct SessionPackages {
    /// The flavour's PKGDIR, of which a session only reads.
    let pool: FilePath
    /// The root's own PKGDIR of that flavour.
    let binpkgs: FilePath
    /// What stands in for the pool before anything was built.
    private let emptyPool: FilePath

    /// Where the pool is seen in the root.
    static let poolMountPoint = "/run/zentoo/pool"

    init(of flavour: Flavour, for jobs: BuildJobs, in place: RootPlace) {
        pool = place.state.pool.appending(flavour.chost).appending(flavour.id)
        binpkgs = place.binpkgs(of: flavour)
        emptyPool = jobs.view.out.appending("empty-pool")
    }

    /// Makes the directories that are mounted.
    ///
    /// - Throws: `FileError`.
    func prepare() throws {
        for directory in [pool, binpkgs, emptyPool] { try Directory.create(directory) }
        try FileContent.write(
            Array("PACKAGES: 0\nTIMESTAMP: 1\nVERSION: 0\n\n".utf8),
            to: emptyPool.appending("Packages"))
    }

    /// Which has emerge use the root's own packages as well.
    var environment: [String: String] {
        ["FEATURES": "getbinpkg", "PORTAGE_BINHOST": "file://\(Self.poolMountPoint)"]
    }

    var mounts: [Mount] {
        [
            .readWrite(source: binpkgs, target: "/var/cache/binpkgs"),
            .readOnly(source: binhost, target: Self.poolMountPoint),
        ]
    }

    /// The pool; before anything was built, when it has no index, and Portage
    /// would take it for one that cannot be reached, one with nothing in it.
    private var binhost: FilePath {
        let index = (try? FileStatus.of(pool.appending("Packages"))) ?? nil
        return index == nil ? emptyPool : pool
    }
}
