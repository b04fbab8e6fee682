import Exec
import Files
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// What a pool, a disk or a repository can suffer between builds.
    @Suite struct DamageTests {
        @Test func aDamagedPoolIsNamedAndRepaired() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let top = site.pool
                let index = try #require(
                    try await site.files(below: top, matching: "Packages").first)
                let directory = top.pushing(FilePath(index).removingLastComponent())
                let before = try paths(directory)
                #expect(before.count == 6)
                let package = try #require(before.first)
                let partial = ["\(package)u2twn_qn.2", "app-misc/zen/zen-9-1.gpkg.tar"]
                for name in partial {
                    try FileContent.write([], to: directory.pushing(FilePath(name)))
                }
                try FileContent.remove(directory.appending("Packages"))
                for command in ["verify", "doctor"] {
                    let result = try await site.zentoo(command)
                    #expect(result.output.contains("there is no index 'Packages'"), "\(result)")
                    #expect(result.output.contains("2 files are partial"), "\(result)")
                    #expect(result.output.contains("hint: git zentoo repair"), "\(result)")
                }
                let repaired = try await site.zentoo("repair").orThrow()
                #expect(repaired.output.contains("indexed "), "\(repaired)")
                for name in partial { #expect(repaired.output.contains(name), "\(repaired)") }
                #expect(try await site.zentoo("verify").status == 0)
                #expect(try paths(directory) == before)
                // As Portage of any machine asks for it.
                let said = try await emerge(site, directory)
                #expect(said.contains("[binary"), "\(said)")

                // An index that names what is not there.
                let lost = directory.pushing(FilePath(package))
                try await DemoSite.run("mv", lost.string, "\(site.root)/lost")
                let verified = try await site.zentoo("verify")
                #expect(
                    verified.output.contains("the index names 1 package that is not there"),
                    "\(verified)")
                try await site.zentoo("repair").orThrow()
                #expect(try paths(directory) == before.filter { $0 != package })
            }
        }

        @Test func anOldTagAssemblesWithoutItsBranches() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                try await site.git("branch", "-D", "portage/base", "buildhooks/default")
                let machine = site.root.appending("machine")
                let result = try await site.zentoo(
                    "assemble", "\(DemoWorkshop.builtTuple)@1", machine.string)
                #expect(result.status == 0, "\(result)")
                #expect(
                    try FileStatus.of(machine.pushing("etc/portage/make.conf"))?.kind == .directory)
            }
        }

        @Test(.enabled(if: DemoWorkshop.isRoot, "needs root to mount"))
        func aBuildThatFillsItsDiskKeepsWhatItMade() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-bells"
                try site.change(
                    "portage/base",
                    [
                        "bashrc": """
                        pre_src_install() {
                            [[ ${PN} == text2c ]] || return 0
                            [[ -e /var/cache/distfiles/enough ]] && return 0
                            dd if=/dev/zero of="${T}"/fill bs=64k || die "cannot fill"
                        }

                        """
                    ])
                let jobs = site.state.appending("jobs")
                try Directory.create(jobs, mode: 0o700)
                let build = try await site.invocation(
                    "unshare",
                    [
                        "--mount", "--propagation", "private", "sh", "-ec",
                        "mount -t tmpfs -o size=96m none \"$0\"; exec git zentoo build \"$1\"",
                        jobs.string, tuple,
                    ]
                ).run()
                let said = String(decoding: build.output + build.errors, as: UTF8.self)
                #expect(build.status == .exited(1), "\(said)")
                #expect(said.contains("no space was left on the disk"), "\(said)")
                let place = "'\(jobs)' lies on the tmpfs mounted on '\(jobs)'"
                #expect(said.contains(place), "\(said)")
                #expect(said.contains("git config zentoo.state DIR"), "\(said)")
                #expect(try await site.leftovers() == [])
                // What was finished is in the pool and in the record.
                #expect(try await site.poolFiles().map { $0.contains("bell") } == [true])
                let log = try await site.zentoo("log", tuple).orThrow()
                #expect(log.output.contains("failed in no-space"), "\(log)")
                let notes = try await site.git("grep", "app-admin/bell-1.0", "refs/notes/zentoo")
                #expect(notes.contains(" made "), "\(notes)")
                try FileContent.write([], to: site.state.pushing("distfiles/enough"))
                let next = try await site.zentoo("build", tuple).orThrow()
                #expect(next.errors.contains("to compile: 1, from the pool: 1"), "\(next)")
            }
        }

        /// The packages that an index names.
        private func paths(_ directory: FilePath) throws -> [String] {
            let bytes = try FileContent.read(directory.appending("Packages")) ?? []
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                .filter { $0.hasPrefix("PATH: ") }.map { String($0.dropFirst("PATH: ".count)) }
                .sorted()
        }

        /// What plain `emerge -pK` says of a PKGDIR.
        private func emerge(_ site: DemoSite, _ directory: FilePath) async throws -> String {
            let stages = site.state.appending("stages")
            let stage = try #require(
                try Directory.names(in: stages).filter { !$0.string.hasPrefix(".") }.first { name in
                    try FileContent.read(stages.appending(name).appending("stage")).map {
                        String(decoding: $0, as: UTF8.self).contains("demo")
                    } ?? false
                })
            let tree = stages.appending(stage).appending("tree")
            let completion = try await Invocation(
                "bwrap",
                [
                    "--ro-bind", tree.string, "/", "--dev", "/dev", "--proc", "/proc",
                    "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/var/cache/edb",
                    "--tmpfs", "/var/log", "--tmpfs", "/var/db",
                    "--ro-bind", "\(DemoWorkshop.demo)/portage/base", "/etc/portage",
                    "--ro-bind", "\(DemoWorkshop.demo)/repository", "/var/db/repos/zentoo-demo",
                    "--ro-bind", directory.string, "/var/cache/binpkgs",
                    "--clearenv", "--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin",
                    "--setenv", "PKGDIR", "/var/cache/binpkgs", "--setenv", "FEATURES",
                    "binpkg-multi-instance", "--setenv", "CHOST", "x86_64-linux-gnu", "--",
                    "emerge", "--pretend", "--usepkgonly", "--nodeps", "app-misc/zen",
                ]
            ).run()
            return String(decoding: completion.output + completion.errors, as: UTF8.self)
        }
    }
}
