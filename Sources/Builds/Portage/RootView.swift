package import Engines
package import SystemPackage

/// The mounts of every step of a job over its root: the composed configuration,
/// the pinned repositories, our scripts; and, for each step, the directories it
/// may write to.
package struct RootView: Sendable {
    /// The access to a directory that a step needs.
    package enum Access: Sendable {
        case readOnly, readWrite
        /// As ``readWrite``, for a job that others wait for; see `Mount`.
        case fenced
    }

    /// The exported `etc/portage` of the tuple commit.
    package var portage: FilePath
    /// The exported `buildhooks` of the tuple commit.
    let buildhooks: FilePath
    /// Locations in the root, and the pinned trees on this machine.
    let repositories: [(location: String, tree: FilePath)]
    /// Our scripts.
    let scripts: FilePath
    /// Portage's metadata cache for exactly these repositories.
    let depcache: FilePath
    /// The directory for the results of the job.
    package let out: FilePath
    /// The flavour's PKGDIR; nil while the flavour is not known.
    package var binpkgs: FilePath?
    /// The sources.
    let distfiles: FilePath

    /// The compiler cache; nil if it is disabled.
    var ccache: FilePath?

    static let outMountPoint = "/run/zentoo/out"
    static let buildhooksMountPoint = "/run/zentoo/buildhooks"

    /// Returns the mounts of a step. Only directories that it requests are
    /// writable.
    package func mounts(
        binpkgs binpkgsAccess: Access = .readOnly, distfiles distfilesAccess: Access = .readOnly,
        depcache depcacheAccess: Access = .readOnly, out outAccess: Access = .readOnly
    ) -> [Mount] {
        func mount(_ source: FilePath, _ target: String, _ access: Access) -> Mount {
            switch access {
            case .readOnly: .readOnly(source: source, target: target)
            case .readWrite: .readWrite(source: source, target: target)
            case .fenced: .fenced(source: source, target: target)
            }
        }
        var mounts: [Mount] = [
            mount(portage, "/etc/portage", .readOnly),
            mount(scripts, PortageScripts.mountPoint, .readOnly),
            mount(out, Self.outMountPoint, outAccess),
            // Not all of /var/cache/edb: it also contains the root's own
            // counter.
            mount(depcache, "/var/cache/edb/dep", depcacheAccess),
            mount(distfiles, "/var/cache/distfiles", distfilesAccess),
        ]
        mounts += PortageScripts.replacements.map { name, target in
            mount(scripts.appending(name), target, .readOnly)
        }
        mounts += repositories.map { mount($0.tree, $0.location, .readOnly) }
        if let binpkgs { mounts.append(mount(binpkgs, "/var/cache/binpkgs", binpkgsAccess)) }
        return mounts
    }

    static let ccacheMountPoint = "/var/cache/ccache"

    /// The additional mounts of a step that compiles.
    var ccacheMounts: [Mount] {
        ccache.map { [.readWrite(source: $0, target: Self.ccacheMountPoint)] } ?? []
    }

    /// Returns the mounts of a hook: its own branch in addition to those of
    /// other steps.
    func hookMounts() -> [Mount] { mounts() + [buildhooksMount] }

    /// The mounts of a step that removes files: nothing lies over the root's own.
    var removalMounts: [Mount] {
        [.readOnly(source: scripts, target: PortageScripts.mountPoint), buildhooksMount]
    }

    private var buildhooksMount: Mount {
        .readOnly(source: buildhooks, target: Self.buildhooksMountPoint)
    }
}
