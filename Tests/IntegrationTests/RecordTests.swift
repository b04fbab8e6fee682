import Exec
import Files
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// The record of a build, read with plain git.
    @Suite struct RecordTests {
        private let tuple = DemoWorkshop.builtTuple

        @Test func firstBuildIsRecorded() async throws {
            try await DemoWorkshop.withBuiltSite { site, said in
                #expect(said.output.contains("zentoo/main/\(tuple)/1 - 6 made, 0 reused"))
                #expect(try await site.tags() == ["zentoo/main/\(tuple)/1"])
                let record = try await site.record(tuple, 1)
                #expect(record.tag.contains("tag zentoo/main/\(tuple)/1\n"))
                #expect(record.tag.contains("Tree: \(record.tree)\n"))
                #expect(
                    record.names(.made) == [
                        "acct-group/zend-0", "acct-user/zend-0", "app-admin/bell-1.0",
                        "app-misc/zen-1.2.0",
                        "dev-libs/libzen-2.0.1", "net-misc/zend-1.1",
                    ])
                #expect(record.result?[.status] == "success")

                let latest = try await site.git("rev-parse", "refs/zentoo/latest/main/\(tuple)")
                #expect(
                    try await site.git("rev-parse", "refs/tags/zentoo/main/\(tuple)/1") == latest)
                // The tuple's branches have a line of its first result.
                for branch in ["portage/base", "buildhooks/default", "main"] {
                    let lines = try await site.lines(on: branch)
                    #expect(lines.contains { $0.kind == .first && $0[.tree] == record.tree })
                }
            }
        }

        @Test func recordedPackagesAreInPoolAndIndexed() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let record = try await site.record(tuple, 1)
                #expect(
                    try await site.poolFiles()
                        == Set(record.packages.values.compactMap { $0[.path] }))
                for (cpv, line) in record.packages {
                    let path = try #require(line[.path])
                    let digest = try #require(line[.sha256])
                    let sum = try await DemoSite.run("sha256sum", "--", "\(site.pool)/\(path)")
                    #expect(sum.text.hasPrefix(digest))
                    let (one, two) = (digest.prefix(2), digest.dropFirst(2).prefix(2))
                    let whence = try await site.git(
                        "cat-file", "-p", "refs/zentoo/whence:sha256/\(one)/\(two)/\(digest)")
                    #expect(whence.contains(record.build), "\(cpv)")
                }
                #expect(
                    try await site.git("ls-tree", "refs/zentoo/whence:cpv").contains("net-misc"))
            }
        }

        @Test func secondBuildIsUpToDateWithoutPortage() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let refs = try await site.git("for-each-ref")
                let logs = try await site.files(below: site.state.appending("logs"))
                #expect(logs.count == 1)
                var traced = site
                traced.environment["ZENTOO_TRACE"] = "1"
                let result = try await traced.zentoo("build", tuple)
                #expect(result.status == 0)
                #expect(result.output == "\(tuple): up to date (zentoo/main/\(tuple)/1)\n")
                #expect(!result.errors.contains("--local-launcher"))
                #expect(try await site.git("for-each-ref") == refs)
                #expect(try await site.files(below: site.state.appending("logs")) == logs)
            }
        }

        @Test func mirrorHasWholeRecord() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                #expect(try await site.damage() == "")
                #expect(try await site.leftovers() == [])
                try await site.git("gc", "--quiet", "--prune=now")
                let mirror = "\(site.root)/mirror.git"
                try await site.git("clone", "--quiet", "--mirror", ".", mirror)
                #expect(try await site.damage() == "")
                let format = "--format=%(objectname) %(refname)"
                let here = try await site.git("for-each-ref", format)
                #expect(try await site.git("--git-dir", mirror, "for-each-ref", format) == here)
                let tree = try await site.record(tuple, 1).tree
                #expect(
                    try await site.git("--git-dir", mirror, "notes", "--ref=zentoo", "show", tree)
                        == site.git("notes", "--ref=zentoo", "show", tree))
            }
        }

        @Test func otherMachineComposesSameCommit() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let mirror = "\(site.root)/elsewhere.git"
                try await site.git("clone", "--quiet", "--mirror", ".", mirror)
                try await site.git(
                    "--git-dir", mirror, "config", "zentoo.state", "\(site.root)/elsewhere")
                try await DemoSite.run("mkdir", "\(site.root)/elsewhere")
                try await DemoSite.run(
                    "cp", "-a", "\(site.state)/stages", "\(site.state)/pool",
                    "\(site.root)/elsewhere")
                var elsewhere = site.invocation("git", ["zentoo", "build", tuple])
                elsewhere.workingDirectory = FilePath(mirror)
                let said = try await elsewhere.run().orThrow().text
                #expect(said == "\(tuple): up to date (zentoo/main/\(tuple)/1)")
            }
        }
    }
}
