import Exec
import Files
import SystemPackage

/// Building and installing real packages, beside plain Portage in a root that
/// was made ready for it.
struct PortageRaces {
    let world: World
    private let site: FilePath
    private let state: FilePath
    /// Where plain Portage works.
    private let chroot: FilePath
    private let pristine: FilePath
    private let binpkgs: FilePath
    private let repository: FilePath

    private static let tuple = "x86-64-v3-base-plain-bench"
    private static let packages = [
        "app-misc/zen-meta", "net-misc/zend", "app-text/sayings", "app-misc/koan",
        "app-admin/bell", "dev-util/text2c", "virtual/oracle",
    ]

    /// Makes the demo's network and, of the same stage and configuration, a
    /// root for plain Portage; nil where the stage of `config/demo/prepare` or
    /// a program is missing, or we are not root, whom a chroot needs.
    init?(in world: World) async throws {
        let source = world.source
        let stage = source.appending(".build/demo/stage.tar.zst")
        let demo = source.appending("config/demo")
        guard try FileStatus.of(stage) != nil, try FileStatus.of(demo) != nil,
            try await Self.isRoot(world), try await Self.hasBubblewrap(world)
        else { return nil }
        self.world = world
        site = world.directory.appending("site")
        state = site.appending(".git/zentoo")
        chroot = world.directory.appending("chroot")
        pristine = world.directory.appending("pristine")
        binpkgs = world.directory.appending("chroot-binpkgs")
        repository = demo.appending("repository")
        let script = """
            set -e
            \(world.zentoo) init --quiet --template \(source)/config/site \(site)
            cd \(site)
            git config zentoo.distdir \(source)/.build/demo/distfiles
            \(world.zentoo) portage import base \(demo)/portage/base
            mkdir -p \(world.directory)/plain && echo 'Nothing to do.' >\(world.directory)/plain/README
            \(world.zentoo) buildhooks import plain \(world.directory)/plain
            rm -f config/cpu/* config/portage/sets/*
            cp \(demo)/cpu/* config/cpu/
            printf '%s\\n' \(Self.packages.joined(separator: " ")) >config/portage/sets/bench
            echo 'zentoo-demo \(repository)' >config/repos
            echo \(Self.tuple) >config/tuples
            git add --all config
            git commit --quiet -m bench
            \(world.zentoo) stage add demo \(stage)
            \(world.zentoo) sync
            mkdir -p \(pristine) \(binpkgs)
            tar -C \(pristine) --numeric-owner -xf \(stage)
            commit=$(\(world.zentoo) tuple show --json \(Self.tuple) |
                sed -n 's/^  "commit" : "\\([0-9a-f]*\\)".*/\\1/p')
            rm -rf \(pristine)/etc/portage
            git archive "$commit" etc/portage | tar -C \(pristine) -xf -
            mkdir -p \(pristine)/var/db/repos/zentoo-demo \(pristine)/var/cache/distfiles \\
                \(pristine)/var/cache/binpkgs
            """
        try await world.run("sh", "-c", script)
    }

    private static func isRoot(_ world: World) async throws -> Bool {
        try await world.run("id", "-u").text == "0"
    }

    private static func hasBubblewrap(_ world: World) async throws -> Bool {
        let found = try await Invocation(
            "sh", ["-c", "command -v bwrap && command -v zstd"], environment: world.environment
        ).run()
        return found.status.isSuccess
    }

    /// emerge in the root that was made ready, with the options of a build.
    private func emerge(_ options: String...) -> Program {
        world.program(
            [
                "bwrap", "--bind", chroot.string, "/", "--dev", "/dev", "--proc", "/proc",
                "--ro-bind", repository.string, "/var/db/repos/zentoo-demo",
                "--bind", "\(world.source)/.build/demo/distfiles", "/var/cache/distfiles", "--bind",
                binpkgs.string, "/var/cache/binpkgs",
                "--clearenv", "--setenv", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
                "--setenv", "LC_ALL", "C.UTF-8", "--setenv", "MAKEOPTS", "-j2",
                "--setenv", "HOME", "/root",
                "emerge", "--ignore-default-opts", "--color=n", "--nospinner", "--jobs=2",
            ] + options + ["@bench"], in: world.directory)
    }

    private func restoreChroot(keepsPackages: Bool) async throws {
        try await world.run("rm", "-rf", chroot.string)
        try await world.run("cp", "-a", "--reflink=auto", pristine.string, chroot.string)
        guard !keepsPackages else { return }
        try await world.run("rm", "-rf", binpkgs.string)
        try Directory.create(binpkgs)
    }

    /// Compiling ten packages.
    func cold() -> Race {
        Race(
            title: "Portage: compiling the packages of a set", goal: nil,
            contenders: [
                .init(
                    name: "git zentoo build",
                    program: world.zentoo("build", "--force", Self.tuple, in: site),
                    prepare: {
                        try await world.run("rm", "-rf", state.appending("pool").string)
                    }),
                .init(
                    name: "emerge in a root made ready",
                    program: emerge("--buildpkg", "--update", "--deep", "--newuse"),
                    prepare: { try await restoreChroot(keepsPackages: false) }),
            ])
    }

    /// Finding nothing to do, after ``cold()``.
    func upToDate() -> Race {
        Race(
            title: "Portage: finding that nothing is to be built", goal: .milliseconds(30),
            contenders: [
                .init(
                    name: "git zentoo build",
                    program: world.zentoo("build", Self.tuple, in: site)),
                .init(
                    name: "emerge -uDN",
                    program: emerge("--update", "--deep", "--newuse")),
            ])
    }

    /// Installing from binary packages alone, after ``cold()``.
    func assemble() -> Race {
        let target = world.directory.appending("assembled")
        return Race(
            title: "Portage: a root of binary packages alone", goal: nil,
            contenders: [
                .init(
                    name: "git zentoo assemble",
                    program: world.zentoo("assemble", Self.tuple, target.string, in: site),
                    prepare: { try await world.run("rm", "-rf", target.string) }),
                .init(
                    name: "emerge -K in a root made ready",
                    program: emerge("--usepkgonly"),
                    prepare: { try await restoreChroot(keepsPackages: true) }),
            ])
    }
}
