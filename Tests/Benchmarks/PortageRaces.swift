import Exec
import Files
import Synchronization
import SystemPackage

/// Building and installing real packages, compared with plain Portage in a
/// prepared root.
struct PortageRaces {
    let site: PortageSite
    private var world: World { site.world }
    /// The root in which plain Portage works.
    private var chroot: FilePath { world.directory.appending("chroot") }
    private var binpkgs: FilePath { world.directory.appending("chroot-binpkgs") }

    /// Returns an emerge command in the prepared root, with the options of a build.
    private func emerge(
        _ target: String, _ options: String..., pkgdir: FilePath, isReadOnly: Bool = false
    ) -> Program {
        world.program(
            [
                "bwrap", "--bind", chroot.string, "/", "--dev", "/dev", "--proc", "/proc",
                "--ro-bind", site.repository.string, "/var/db/repos/zentoo-demo",
                "--bind", "\(world.source)/.build/demo/distfiles", "/var/cache/distfiles",
                isReadOnly ? "--ro-bind" : "--bind", pkgdir.string, "/var/cache/binpkgs",
                "--clearenv", "--setenv", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
                "--setenv", "LC_ALL", "C.UTF-8", "--setenv", "MAKEOPTS", "-j2",
                "--setenv", "HOME", "/root",
                "emerge", "--ignore-default-opts", "--color=n", "--nospinner",
            ] + options + [target], in: world.directory)
    }

    private func restoreChroot() async throws {
        try await world.run("rm", "-rf", chroot.string)
        try await world.run("cp", "-a", "--reflink=auto", site.pristine.string, chroot.string)
    }

    /// Compiles ten packages.
    func cold() -> Race {
        Race(
            title: "Portage: compiling the packages of a set",
            goal: .beside(1.05, plus: .milliseconds(300)),
            contenders: [
                .init(
                    name: "git zentoo build",
                    program: world.zentoo("build", "--force", PortageSite.compiled, in: site.site),
                    prepare: {
                        try await world.run("rm", "-rf", site.state.appending("pool").string)
                    }),
                .init(
                    name: "emerge in a root made ready",
                    program: emerge(
                        "@bench", "--jobs=2", "--buildpkg", "--update", "--deep", "--newuse",
                        pkgdir: binpkgs),
                    prepare: {
                        try await restoreChroot()
                        try await world.run("rm", "-rf", binpkgs.string)
                        try Directory.create(binpkgs)
                    }),
            ])
    }

    /// Finds nothing to do, after ``cold()``.
    func upToDate() -> Race {
        Race(
            title: "Portage: finding that nothing is to be built", goal: .faster([50]),
            contenders: [
                .init(
                    name: "git zentoo build",
                    program: world.zentoo("build", PortageSite.compiled, in: site.site)),
                .init(
                    name: "emerge -uDN",
                    program: emerge(
                        "@bench", "--jobs=2", "--update", "--deep", "--newuse", pkgdir: binpkgs)),
            ])
    }

    /// Installs many small binary packages, which are built first.
    func assemble() async throws -> [Race] {
        let target = world.directory.appending("assembled")
        try await world.run(
            world.zentoo.string, "build", PortageSite.small, in: site.site)
        let pool = try await world.run(
            "sh", "-c", "dirname \(site.state)/pool/*/*/Packages"
        ).text
        let plain = Race.Contender(
            name: "emerge -K in a root made ready",
            program: emerge("@small", "--usepkgonly", pkgdir: FilePath(pool), isReadOnly: true),
            prepare: restoreChroot)
        return [
            Race(
                title: "Portage: a root of small binary packages", goal: .faster([10]),
                contenders: [
                    .init(
                        name: "git zentoo assemble",
                        program: world.zentoo(
                            "assemble", PortageSite.small, target.string, in: site.site),
                        prepare: { try await world.run("rm", "-rf", target.string) }), plain,
                ], warmsUp: false),
            Race(
                title: "Portage: a build of small packages with nothing to compile",
                goal: .faster([8]),
                contenders: [
                    .init(
                        name: "git zentoo build --force",
                        program: world.zentoo("build", "--force", PortageSite.small, in: site.site)
                    ), plain,
                ], warmsUp: false),
        ]
    }

    /// Changes a USE flag of one of many small packages, after ``assemble()``.
    func changed() async throws -> Race {
        let ready = world.directory.appending("ready")
        let pool = try await world.run(
            "sh", "-c", "dirname \(site.state)/pool/*/*/Packages"
        ).text
        try await restoreChroot()
        _ = try emerge("@small", "--usepkgonly", pkgdir: FilePath(pool), isReadOnly: true).measure()
        try await world.run("mv", chroot.string, ready.string)
        let number = Mutex(0)
        return Race(
            title: "Portage: one of many small packages has another USE flag",
            goal: .beside(1, plus: .seconds(6)),
            contenders: [
                .init(
                    name: "git zentoo build",
                    program: world.zentoo("build", PortageSite.small, in: site.site),
                    prepare: {
                        try await site.select(
                            number.withLock { number in
                                number += 1
                                return number
                            })
                    }),
                .init(
                    name: "emerge of it in a root that has the others",
                    program: emerge(
                        "app-small/small1", "--buildpkg", "--oneshot", pkgdir: binpkgs),
                    prepare: {
                        try await world.run("rm", "-rf", chroot.string)
                        try await world.run(
                            "cp", "-a", "--reflink=auto", ready.string, chroot.string)
                    }),
            ], warmsUp: false)
    }
}
