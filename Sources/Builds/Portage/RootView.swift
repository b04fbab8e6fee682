package import Engines
package import SystemPackage

/// What every step of a job sees over its root: the composed configuration,
/// the pinned repositories, our scripts; and, step by step, what it may write.
package struct RootView: Sendable {
    /// Access to a directory that a step is given for a purpose.
    package enum Access: Sendable {
        case readOnly, readWrite
        /// As ``readWrite``, for a job that others wait for; see `Mount`.
        case fenced
    }

    /// The exported `etc/portage` of the tuple commit.
    package var portage: FilePath
    /// The exported `buildhooks` of the tuple commit.
    let buildhooks: FilePath
    /// Location in the root, and the pinned tree here.
    let repositories: [(location: String, tree: FilePath)]
    /// Our scripts.
    let scripts: FilePath
    /// Portage's metadata cache for exactly these repositories.
    let depcache: FilePath
    /// Where the job hands out results.
    package let out: FilePath
    /// The flavour's PKGDIR; none while the flavour is not known.
    package var binpkgs: FilePath?
    /// The sources.
    let distfiles: FilePath

    /// What compilers made before; none when that is not kept.
    var ccache: FilePath?

    static let outMountPoint = "/run/zentoo/out"
    static let buildhooksMountPoint = "/run/zentoo/buildhooks"

    /// What the step sees. Nothing is writable that is not asked for.
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
            // Not all of /var/cache/edb: the root's own counter lies there too.
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

    /// What a step that compiles sees beside that.
    var ccacheMounts: [Mount] {
        ccache.map { [.readWrite(source: $0, target: Self.ccacheMountPoint)] } ?? []
    }

    /// What a hook sees: its own branch beside all that others see.
    func hookMounts() -> [Mount] {
        mounts() + [.readOnly(source: buildhooks, target: Self.buildhooksMountPoint)]
    }
}
