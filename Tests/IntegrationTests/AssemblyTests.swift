import Exec
import Files
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// Roots made of records.
    @Suite struct AssemblyTests {
        private let tuple = DemoWorkshop.builtTuple

        /// Runs a program of a root, in it and with nothing of this machine.
        private func run(in root: FilePath, _ words: String...) async throws -> String {
            try await Invocation(
                "bwrap",
                ["--ro-bind", root.string, "/", "--dev", "/dev", "--proc", "/proc"]
                    + [
                        "--unshare-all", "--clearenv", "--setenv", "PATH",
                        "/usr/local/bin:/usr/bin:/bin", "--",
                    ]
                    + words
            ).run().orThrow().text
        }

        /// Mode and owners of a file, as `4711 0:0`.
        private func access(_ root: FilePath, _ path: String) async throws -> String {
            try await DemoSite.run("stat", "--format=%a %u:%g", "--", "\(root)/\(path)").text
        }

        private func exists(_ root: FilePath, _ path: String) throws -> Bool {
            try FileStatus.of(root.pushing(FilePath(path))) != nil
        }

        @Test func theRootIsWhatTheRecordSays() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let root = site.root.appending("roots").appending("machine")
                let result = try await site.zentoo("assemble", tuple, root.string).orThrow()
                #expect(result.output.contains("zentoo/main/\(tuple)/1, 6 packages"))

                #expect(
                    try await run(in: root, "zen", "--version") == "zen 1.2.0 with libzen 2.0.1")
                #expect(try await run(in: root, "whatami") == tuple)
                #expect(try await access(root, "usr/bin/bell") == "4711 0:0")
                #expect(try await access(root, ".") == "755 0:0")

                // Its own configuration, without what holds in builders alone.
                let makeConf = try Directory.names(in: root.pushing("etc/portage/make.conf"))
                #expect(makeConf.map(\.string).sorted() == ["10-x86-64-v3", "50-make.conf"])
                #expect(try exists(root, "etc/portage/make.profile"))

                // The buildhooks: laid over, given modes and owners, removed.
                #expect(try await access(root, "usr/local/bin/whatami") == "755 0:0")
                #expect(try await access(root, "etc/zentoo/secrets") == "750 0:250")
                #expect(try await access(root, "srv/zen") == "2775 0:320")
                #expect(try exists(root, "etc/runlevels/default/zend"))
                #expect(try !exists(root, "usr/include/zen-2"))
                #expect(try !exists(root, "run/zentoo"))

                #expect(try Directory.names(in: root.removingLastComponent()) == ["machine"])
                #expect(try await site.leftovers() == [])
            }
        }

        @Test func untestedPortageLeavesTheMergeToEmerge() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-bells"
                let roots = site.root.appending("roots")
                try await site.zentoo("build", tuple).orThrow()
                let native = try await site.zentoo(
                    "assemble", "--json", tuple, "\(roots)/native"
                ).orThrow()
                #expect(native.output.contains("\"route\" : \"native\""), "\(native)")

                // A comment more in one of Portage's files is enough.
                let file = "usr/lib/python3/dist-packages/portage/dbapi/vartree.py"
                let digest = try await site.stageDigest("demo")
                let text = try await DemoSite.run(
                    "cat", "\(site.state)/stages/\(digest)/tree/\(file)"
                ).text
                try site.change("buildhooks/plain", ["copy/\(file)": text + "\n# changed\n"])
                try await site.zentoo("build", tuple).orThrow()
                let emerge = try await site.zentoo(
                    "assemble", "--json", tuple, "\(roots)/emerge"
                ).orThrow()
                #expect(emerge.output.contains("\"route\" : \"emerge\""), "\(emerge)")
                #expect(emerge.output.contains("is not in merge_tested.txt"), "\(emerge)")
                // A user who has tested it says so.
                let reason = try #require(emerge.output.firstMatch(of: /Portage (\S+) \((\w+)\)/))
                _ = try await site.git(
                    "config", "zentoo.testedPortage", "\(reason.1) \(reason.2)")
                let tested = try await site.zentoo(
                    "assemble", "--json", tuple, "\(roots)/tested"
                ).orThrow()
                #expect(tested.output.contains("\"route\" : \"native\""), "\(tested)")
                // All roots have the same packages.
                for name in ["native", "emerge", "tested"] {
                    let root = roots.appending(name)
                    #expect(try exists(root, "usr/bin/bell"))
                    #expect(try exists(root, "var/db/pkg/dev-util/text2c-1.0/CONTENTS"))
                }
            }
        }

        @Test func anOldTagAssemblesAsItWasAfterAPatchWasChanged() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let patch = "patches/app-misc/zen/house-style.patch"
                let text = try await site.text("portage/base", patch)
                let changed = text.split(separator: "\n", omittingEmptySubsequences: false)
                    .map { $0.replacing(#"\"%s\""#, with: "<%s>") }.joined(separator: "\n")
                #expect(changed != text)
                try site.change("portage/base", [patch: changed])
                try await site.zentoo("build", tuple).orThrow()

                // Its USE and version are the same: Portage alone would have
                // to be told.
                let (old, new) = (try await site.record(tuple, 1), try await site.record(tuple, 2))
                #expect(new.names(.made) == ["app-misc/zen-1.2.0"])
                for (cpv, line) in old.packages where cpv != "app-misc/zen-1.2.0" {
                    #expect(new.packages[cpv]?[.sha256] == line[.sha256], "\(cpv)")
                }
                let zen = (
                    old: old.packages["app-misc/zen-1.2.0"], new: new.packages["app-misc/zen-1.2.0"]
                )
                #expect(zen.old?[list: .use] == zen.new?[list: .use])
                #expect(zen.old?[.path] != zen.new?[.path])

                var said: [String] = []
                for build in ["\(tuple)@1", tuple] {
                    let root = site.root.appending("root-\(said.count)")
                    try await site.zentoo("assemble", build, root.string).orThrow()
                    said.append(try await run(in: root, "zen", "silence"))
                }
                #expect(said[0].hasSuffix("\""), "\(said)")
                #expect(said[1].hasSuffix(">"), "\(said)")
            }
        }

        @Test func aRecordWhosePackageIsGoneOrAlteredIsRefusedAndLeavesNothing() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let roots = site.root.appending("roots")
                try Directory.create(roots)
                let record = try await site.record(tuple, 1)
                let path = try #require(record.packages["net-misc/zend-1.1"]?[.path])
                let file = "\(site.pool)/\(path)"

                // One byte, and neither size nor time tell.
                try await DemoSite.run("cp", "-a", file, "\(site.root)/kept")
                try await DemoSite.run(
                    "python3", "-c",
                    "import sys; f = open(sys.argv[1], 'r+b'); f.seek(2000); b = f.read(1)[0];"
                        + "f.seek(2000); f.write(bytes([b ^ 1]))", file)
                try await DemoSite.run("touch", "-r", "\(site.root)/kept", file)
                let altered = try await site.zentoo("assemble", tuple, "\(roots)/machine")
                #expect(altered.status == 128)
                #expect(
                    altered.errors.contains("fatal: '\(path)' in the pool is not what was recorded")
                )
                #expect(try Directory.names(in: roots).isEmpty)

                try await DemoSite.run("rm", file)
                let gone = try await site.zentoo("assemble", tuple, "\(roots)/machine")
                #expect(gone.status == 128)
                #expect(gone.errors.contains("fatal: 1 of 6 binary packages are not in the pool"))
                #expect(gone.errors.contains("missing: \(path)"))
                #expect(try Directory.names(in: roots).isEmpty)

                // What the message says is what helps.
                try await site.zentoo("build", tuple).orThrow()
                #expect(try await site.record(tuple, 2).names(.made) == ["net-misc/zend-1.1"])
                try await site.zentoo("assemble", tuple, "\(roots)/machine").orThrow()
            }
        }
    }
}
