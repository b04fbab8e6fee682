import Exec
import Files
import Git
import SystemPackage

/// A site with real packages over the demo's stage, and a root of the same
/// stage and configuration prepared for plain Portage.
struct PortageSite {
    let world: World
    /// The site's repository.
    let site: FilePath
    let state: FilePath
    /// The archive of the stage, as a user would unpack it.
    let stage: FilePath
    /// The unpacked root with the tuple's configuration.
    let pristine: FilePath
    /// The ebuilds: the demo's, and as many small packages as requested.
    let repository: FilePath

    /// Ten packages of the demo, compiled.
    static let compiled = "x86-64-v3-base-plain-bench"
    /// Packages that install three files each.
    static let small = "x86-64-v3-base-plain-small"
    /// The same tuples for another cpu, with another flavour.
    static let others = [compiled, small].map { $0.replacing("-v3-", with: "-v2-") }

    /// The USE flags of small packages, which change nothing but the package's
    /// metadata: each selection is another binary package.
    private static let flags = ["one", "two", "three", "four", "five"]

    /// Commits a selection of flags of a small package that no earlier number
    /// below 32 had.
    func select(_ number: Int) async throws {
        let line = Self.flags.enumerated().reduce(into: "app-small/small1") { line, flag in
            line += " \(number >> flag.offset & 1 == 0 ? "-" : "")\(flag.element)"
        }
        let repository = try Repository.open(site)
        let branch = try RefName.branch("portage/base")
        guard let parent = try repository.resolve(branch) else { return }
        let commit = try repository.createCommit(
            tree: repository.editTree(
                base: repository.tree(ofCommit: parent),
                [.put("package.use/small", .file, try repository.writeBlob("\(line)\n".utf8))]),
            parents: [parent], author: World.somebody, message: line)
        try repository.set(branch, to: commit, expecting: .value(parent))
    }

    private static let packages = [
        "app-misc/zen-meta", "net-misc/zend", "app-text/sayings", "app-misc/koan",
        "app-admin/bell", "dev-util/text2c", "virtual/oracle",
    ]

    /// Creates both; nil if the stage of `config/demo/prepare` or a program is
    /// missing, or without root, which chroot needs.
    ///
    /// - Parameter smallPackages: the number of packages in the set of small ones.
    init?(smallPackages: Int, in world: World) async throws {
        let source = world.source
        let demo = source.appending("config/demo")
        stage = source.appending(".build/demo/stage.tar.zst")
        guard try FileStatus.of(stage) != nil, try FileStatus.of(demo) != nil,
            try await world.run("id", "-u").text == "0",
            world.has("bwrap"), world.has("zstd")
        else { return nil }
        self.world = world
        site = world.directory.appending("site")
        state = site.appending(".git/zentoo")
        pristine = world.directory.appending("pristine")
        repository = world.directory.appending("ebuilds")
        try await world.run("cp", "-a", demo.appending("repository").string, repository.string)
        try makeSmallPackages(smallPackages)
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
            printf 'app-small/small%s\\n' $(seq \(smallPackages)) >config/portage/sets/small
            echo 'zentoo-demo \(repository)' >config/repos
            printf '%s\\n' \(Self.compiled) \(Self.small) \(Self.others[0]) \(Self.others[1]) >config/tuples
            git add --all config
            git commit --quiet -m bench
            \(world.zentoo) stage add demo \(stage)
            \(world.zentoo) sync
            mkdir -p \(pristine)
            tar -C \(pristine) --numeric-owner -xf \(stage)
            commit=$(\(world.zentoo) tuple show --json \(Self.compiled) |
                sed -n 's/^  "commit" : "\\([0-9a-f]*\\)".*/\\1/p')
            rm -rf \(pristine)/etc/portage
            git archive "$commit" etc/portage | tar -C \(pristine) -xf -
            commit=$(\(world.zentoo) tuple show --json \(Self.small) |
                sed -n 's/^  "commit" : "\\([0-9a-f]*\\)".*/\\1/p')
            git archive "$commit" etc/portage/sets | tar -C \(pristine) -xf -
            mkdir -p \(pristine)/var/db/repos/zentoo-demo \(pristine)/var/cache/distfiles \\
                \(pristine)/var/cache/binpkgs
            """
        try await world.run("sh", "-c", script)
    }

    private func makeSmallPackages(_ count: Int) throws {
        let categories = repository.appending("profiles/categories")
        let known = try FileContent.read(categories) ?? []
        try FileContent.write(known + Array("app-small\n".utf8), to: categories)
        for number in 1...count {
            let ebuild = """
                EAPI=8
                DESCRIPTION="Small package \(number)"
                HOMEPAGE="https://example.org"
                S="${WORKDIR}"
                LICENSE="0BSD"
                SLOT="0"
                KEYWORDS="amd64"
                IUSE="\(Self.flags.joined(separator: " "))"
                src_install() {
                    for name in one two three; do
                        echo "small-\(number) ${name}" >"${T}/${name}" || die
                    done
                    insinto /usr/share/small-\(number)
                    doins "${T}"/{one,two,three}
                }

                """
            let folder = repository.appending("app-small/small\(number)")
            try Directory.create(folder)
            try FileContent.write(
                Array(ebuild.utf8), to: folder.appending("small\(number)-1.ebuild"))
        }
    }
}
