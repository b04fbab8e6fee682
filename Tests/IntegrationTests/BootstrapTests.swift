import Exec
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// Stages that are made from tuples.
    @Suite struct BootstrapTests {
        private let tuple = "x86-64-v3-base-plain-bells"
        private let stage = "x86-64-v3-base"

        @Test func stageIsBootstrappedAndPackagesAreReused() async throws {
            try await DemoWorkshop.withSite { site in
                try await site.ownStages()
                let said = try await site.zentoo("bootstrap", tuple).orThrow()
                #expect(said.output.contains("zentoo-stage/main/\(stage)/1 - 2 made, 0 reused"))
                #expect(
                    said.errors.contains(
                        "hint: to build on it, add to config/tuples: \(stage)-*-* stage=\(stage)"))
                #expect(try await site.tags() == ["zentoo-stage/main/\(stage)/1"])
                #expect(try await site.git("for-each-ref", "refs/zentoo/latest") == "")
                let digest = try await site.stageDigest(stage)
                #expect(try await site.archives() == [digest])
                #expect(
                    try await site.text("main", "config/stages").contains("\(stage) pool:\(tuple)"))
                try await checkContents(site, digest)

                // A bootstrap does not count as a build, nor a build as a bootstrap.
                let again = try await site.zentoo("bootstrap", tuple).orThrow()
                #expect(
                    again.output.contains("\(stage): up to date (zentoo-stage/main/\(stage)/1)"))
                let built = try await site.zentoo("build", tuple).orThrow()
                #expect(built.output.contains("zentoo/main/\(tuple)/1 - 0 made, 2 reused"))

                let tuples = try await site.text("main", "config/tuples")
                try site.change(
                    "main", ["config/tuples": tuples + "\(stage)-*-* stage=\(stage)\n"])
                let settled = try await site.zentoo("bootstrap", tuple).orThrow()
                #expect(settled.output.contains("\(stage): up to date"))
                #expect(settled.errors.contains("hint") == false, "\(settled)")
                let over = try await site.zentoo("build", tuple).orThrow()
                #expect(over.errors.contains("preparing stage '\(stage)'"))
                #expect(over.errors.contains("to compile: 0, from the pool: 0"))
                #expect(over.output.contains("zentoo/main/\(tuple)/2 - 0 made, 2 reused"))
                #expect(try await site.poolFiles().count == 2)

                // A package that was removed from the set is not in the next stage.
                try site.change("main", ["config/portage/sets/bells": "app-admin/bell\n"])
                let less = try await site.zentoo("bootstrap", tuple).orThrow()
                #expect(less.output.contains("zentoo-stage/main/\(stage)/2 - 0 made, 1 reused"))
                let next = try await site.stageDigest(stage)
                #expect(next != digest)
                #expect(try await site.archives() == [digest, next].sorted())
                try await checkAnotherMachine(site, next)
                #expect(try await site.zentoo("verify", "--all").status == 0)
                #expect(try await site.damage() == "")
                #expect(try await site.leftovers() == [])
            }
        }

        /// Checks that the stage contains no files of git-zentoo, of this machine or of
        /// the build.
        private func checkContents(_ site: DemoSite, _ digest: String) async throws {
            let archive = "\(site.pool)/stages/\(digest).tar.zst"
            #expect(try await DemoSite.run("sha256sum", archive).text.hasPrefix(digest))
            let names = try await DemoSite.run("tar", "-tf", archive).text
                .split(separator: "\n").map(String.init)
            let within = ["run", "tmp", "var/tmp", "var/cache/binpkgs", "var/cache/distfiles"]
            for directory in within {
                #expect(names.filter { $0.hasPrefix("./\(directory)/") } == ["./\(directory)/"])
            }
            #expect(!names.contains { $0.contains("zentoo-demo/") || $0.contains("90-zentoo") })
            #expect(!names.contains { $0.hasPrefix("./var/lib/portage/world_sets") })
            for name in [
                "./usr/bin/bell", "./etc/portage/sets/bells", "./etc/portage/make.profile",
                "./etc/portage/make.conf/10-x86-64-v3",
            ] {
                #expect(names.contains(name), "\(name)")
            }
        }

        /// Checks that a machine with the pool can add the stage, and that one without
        /// gets a hint.
        private func checkAnotherMachine(_ site: DemoSite, _ digest: String) async throws {
            let clone = "\(site.root)/elsewhere.git"
            try await site.git("clone", "--quiet", "--mirror", ".", clone)
            try await site.git(
                "--git-dir", clone, "config", "zentoo.state", "\(site.root)/elsewhere")
            func zentoo(_ arguments: String...) async throws -> Completion {
                var invocation = site.invocation("git", ["zentoo"] + arguments)
                invocation.workingDirectory = FilePath(clone)
                return try await invocation.run()
            }
            let without = try await zentoo("stage", "add", stage)
            #expect(without.status == .exited(128))
            let said = String(decoding: without.errors, as: UTF8.self)
            #expect(said.contains("fatal: stage '\(stage)' is not in the pool"), "\(said)")
            #expect(said.contains("hint: 'git config zentoo.pool DIR'"), "\(said)")

            try await site.git("--git-dir", clone, "config", "zentoo.pool", site.pool.string)
            try await zentoo("stage", "add", stage).orThrow()
            #expect(try await zentoo("stage", "verify", stage).status.isSuccess)
            // The archive is not trusted because of its name.
            let archive = site.pool.appending("stages/\(digest).tar.zst")
            try await zentoo("stage", "remove", "--force", digest).orThrow()
            try await DemoSite.run("mv", archive.string, "\(archive).away")
            try FileContent.write(Array("another".utf8), to: archive)
            let altered = try await zentoo("stage", "add", stage)
            #expect(
                String(decoding: altered.errors, as: UTF8.self).contains("config/zentoo.lock says"))
            try await DemoSite.run("mv", "\(archive).away", archive.string)
        }

        @Test func changedCompilerChangesFlavour() async throws {
            try await DemoWorkshop.withSite { site in
                // Ebuilds that replace the compiler: one of a known compiler package, and one
                // that cannot be recognized as a compiler.
                let repository = site.root.appending("repository")
                try await DemoSite.run(
                    "cp", "-r", "\(DemoWorkshop.demo)/repository", repository.string)
                try addCompiler("sys-devel/gcc", "98", before: "impostor", to: repository)
                try addCompiler("dev-util/impostor", "99", after: "sys-devel/gcc", to: repository)
                var categories = try Processes.text(of: repository.appending("profiles/categories"))
                categories += "sys-devel\n"
                try FileContent.write(
                    Array(categories.utf8), to: repository.appending("profiles/categories"))
                let tuple = "x86-64-v3-base-plain-compilers"
                try site.change(
                    "main",
                    [
                        "config/repos": "zentoo-demo \(repository)\n",
                        "config/portage/sets/compilers":
                            "sys-devel/gcc\ndev-util/impostor\ndev-util/text2c\n",
                        "config/tuples": "\(tuple)\n",
                    ])
                try await site.zentoo("sync").orThrow()
                let said = try await site.zentoo("bootstrap", tuple, "--name", "own").orThrow()
                #expect(said.errors.contains("gcc 12, is x86_64-linux-gnu-gcc 98"), "\(said)")
                #expect(said.errors.contains("gcc 98, is x86_64-linux-gnu-gcc 99"), "\(said)")
                // Packages merged after a change of the compiler are discarded: the first
                // compiler builds only the second one, the second nothing that is kept, the
                // third everything.
                let files = try await site.poolFiles()
                let flavours = Dictionary(grouping: files) { $0.split(separator: "/")[1] }
                let contents = flavours.values.map { paths in
                    paths.map { String($0.split(separator: "/")[3]) }.sorted()
                }
                #expect(
                    contents.sorted { $0.count < $1.count } == [
                        ["gcc"], ["gcc", "impostor", "text2c"],
                    ])
                // Every package that was made is recorded, and every recorded one exists.
                #expect(try await site.zentoo("verify").status == 0)
                #expect(
                    try await site.zentoo("whence", "dev-util/text2c").output.contains(
                        "zentoo-stage/main/own/1"))
            }
        }

        private func addCompiler(
            _ package: String, _ version: String, before later: String = "none",
            after earlier: String = "", to repository: FilePath
        ) throws {
            let name = package.split(separator: "/")[1]
            let directory = repository.appending(package)
            try Directory.create(directory)
            // It becomes the default compiler when it is installed, unless a later one is.
            let ebuild = """
                EAPI=8
                DESCRIPTION="A compiler that says it is another"
                HOMEPAGE="https://wiki.gentoo.org/wiki/No_homepage"
                LICENSE="0BSD"
                SLOT="0"
                KEYWORDS="amd64"
                DEPEND="\(earlier)"
                RDEPEND="${DEPEND}"
                S="${WORKDIR}"

                src_install() {
                \tprintf '%s\\n' '#!/bin/sh' 'case "$*" in' '*-dumpversion*) echo \(version) ;;' \\
                \t\t'*) exec x86_64-linux-gnu-gcc-12 "$@" ;;' esac >wrapper || die
                \texeinto /usr/lib/compilers
                \tnewexe wrapper \(name)
                }

                pkg_postinst() {
                \ttest -e "${EROOT}"/usr/lib/compilers/\(later) ||
                \t\tln -sfn ../lib/compilers/\(name) "${EROOT}"/usr/bin/x86_64-linux-gnu-gcc || die
                }

                """
            try FileContent.write(
                Array(ebuild.utf8), to: directory.appending("\(name)-\(version).ebuild"))
        }

        @Test func failedBootstrapIsRecordedWithoutStage() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-broken"
                let main = try await site.git("rev-parse", "main")
                let result = try await site.zentoo("bootstrap", tuple)
                #expect(result.status == 1)
                #expect(
                    result.output.contains(
                        "stage \(stage): failed in compile of dev-util/fickle-1.0\n"), "\(result)")
                #expect(try await site.archives() == [])
                #expect(try await site.tags() == [])
                #expect(try await site.git("rev-parse", "main") == main)
                #expect(try await site.poolFiles().map { $0.contains("dev-util/text2c") } == [true])
                let log = try await site.zentoo("log", stage).orThrow()
                #expect(log.output.contains("failed in compile of dev-util/fickle-1.0"), "\(log)")
                // Recorded, although the build that made it failed.
                let whence = try await site.zentoo("whence", "dev-util/text2c").orThrow()
                #expect(whence.output.contains("stage \(stage)"), "\(whence)")
                #expect(try await site.leftovers() == [])
            }
        }

        @Test func killedBootstrapIsCompletedOrRemoved() async throws {
            try await DemoWorkshop.withSite { site in
                let marks = [
                    "exec: cp --archive", "[1/2]", "exec: tar",
                ]
                for mark in marks {
                    let end = try await site.killed(at: mark, "bootstrap", tuple)
                    _ = try #require(end, "it ended before '\(mark)'")
                    #expect(try await site.processesLeft() == [], "after '\(mark)'")
                    #expect(try await site.damage() == "", "after '\(mark)'")
                    try await site.zentoo("log").orThrow()
                    #expect(try await site.leftovers() == [], "after '\(mark)'")
                    #expect(try await site.archives() == [], "after '\(mark)'")
                    #expect(try Directory.names(in: site.state.appending("bootstraps")) == [])
                }

                // Between notes and tag: git signs with a program, and this one kills the
                // process that starts it.
                let signer = site.root.appending("signer")
                try FileContent.write(Array("#!/bin/sh\nkill -KILL $PPID\n".utf8), to: signer)
                try await DemoSite.run("chmod", "+x", signer.string)
                try await site.git("config", "gpg.program", signer.string)
                try await site.git("config", "user.signingKey", "anybody")
                try await site.git("config", "zentoo.sign", "true")
                let end = try await site.follow(DemoSite.program, ["bootstrap", tuple])
                #expect(end.status == .signaled(SIGKILL), "\(end.text)")
                // The packages were compiled before the kills and are not compiled again.
                #expect(end.text.contains("to compile: 0, from the pool: 2"), "\(end.text)")
                try await site.git("config", "zentoo.sign", "false")
                let next = try await site.zentoo("log").orThrow()
                #expect(next.errors.contains("completed the record of build"), "\(next)")
                #expect(try await site.tags() == ["zentoo-stage/main/\(stage)/1"])
                #expect(try await site.archives() == [site.stageDigest(stage)])
                #expect(try await site.leftovers() == [])
                #expect(try await site.damage() == "")
            }
        }
    }
}

extension DemoSite {
    /// Gives the site its own directory of stages, with links to the existing ones,
    /// so that other tests do not see the stages added here.
    fileprivate func ownStages() async throws {
        let stages = state.appending("stages")
        let shared = try await Self.run("realpath", stages.string).text
        try await Self.run("rm", stages.string)
        try Directory.create(stages)
        for digest in try await stageDigests().values {
            try await Self.run("ln", "-s", "\(shared)/\(digest)", "\(stages)/\(digest)")
        }
    }

    /// Returns the digests of the stages in the pool, and the stems of any other
    /// files there.
    fileprivate func archives() async throws -> [String] {
        try Directory.names(in: pool.appending("stages")).map { name in
            String(name.string.prefix { $0 != "." })
        }
    }
}
