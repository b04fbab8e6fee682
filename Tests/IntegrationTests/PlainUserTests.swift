import Exec
import Files
import Glibc
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// An unprivileged user with subordinate ids in `/etc/subuid`.
    @Suite(
        .enabled(if: DemoWorkshop.isRoot, "needs root to become another user"),
        .enabled(if: PlainUser.name != nil, "needs a user with ids in /etc/subuid"))
    struct PlainUserTests {
        @Test func plainUserBuildsAndAssembles() async throws {
            let user = try #require(PlainUser.name)
            try await DemoWorkshop.withSite { site in
                var site = site
                let tuple = "x86-64-v3-base-plain-bells"
                try await site.handOver(to: user)

                let built = try await site.zentoo("build", tuple).orThrow()
                #expect(built.output.contains("zentoo/main/\(tuple)/1 - 2 made, 0 reused"))
                #expect(try await site.record(tuple, 1).result?[list: .unsandboxed] == [])
                #expect(try await site.damage() == "")
                #expect(try await site.leftovers() == [])

                let root = site.root.appending("machine")
                try await site.zentoo("assemble", tuple, root.string).orThrow()
                let inside = try await site.invocation(
                    "unshare",
                    ["--user", "--map-auto", "--map-root-user", "--"]
                        + ["stat", "--format=%a %u:%g %n", "--"]
                        + ["usr/bin/bell", "etc/shadow", "var/tmp"].map { "\(root)/\($0)" }
                ).run().orThrow().text
                #expect(
                    inside == """
                        4711 0:0 \(root)/usr/bin/bell
                        640 0:42 \(root)/etc/shadow
                        1777 0:0 \(root)/var/tmp
                        """)
                let again = try await site.zentoo("build", tuple).orThrow()
                #expect(again.output == "\(tuple): up to date (zentoo/main/\(tuple)/1)\n")

                // The stage keeps owners other than the user, and its archive belongs to the
                // user.
                let made = try await site.zentoo("bootstrap", tuple).orThrow()
                #expect(
                    made.output.contains("zentoo-stage/main/x86-64-v3-base/1 - 0 made, 2 reused"))
                let stages = site.pool.appending("stages")
                let archive = "\(try await site.stageDigest("x86-64-v3-base")).tar.zst"
                let names = try await DemoSite.run(
                    "tar", "--numeric-owner", "-tvf", "\(stages)/\(archive)")
                #expect(names.text.contains("-rw-r----- 0/42"))
                #expect(names.text.contains("-rws--x--x 0/0"))
                try await site.zentoo("stage", "add", "x86-64-v3-base").orThrow()
            }
        }

        /// The owner could no longer write files that root created.
        @Test func rootActsAsOwnerOfRepository() async throws {
            let user = try #require(PlainUser.name)
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-tool"
                var site = site
                try await site.handOver(to: user)
                var root = site
                root.user = nil
                try await root.zentoo("hook", "install").orThrow()
                try await root.zentoo("queue", "add", tuple).orThrow()
                let worker = try await root.zentoo("worker", "--once")
                #expect(worker.status == 0, "\(worker)")
                #expect(try await site.tags() == ["zentoo/main/\(tuple)/1"])
                let ofRoot = try await DemoSite.run(
                    "find", site.repository.string, site.state.string, "-uid", "0")
                #expect(ofRoot.text == "")
                let again = try await site.zentoo("build", tuple)
                #expect(again.output.contains("\(tuple): up to date"), "\(again)")
            }
        }

        @Test func plainUserPatchesPackages() async throws {
            let user = try #require(PlainUser.name)
            try await DemoWorkshop.withSite { site in
                var site = site
                try await site.handOver(to: user)
                try await site.zentoo("new-root", "desk", "x86-64-v3-base-plain-tool").orThrow()
                try await site.zentoo("patch", "prep", "desk", "dev-util/text2c").orThrow()
                let file = site.state.appending(
                    "roots/desk/patch/dev-util/text2c/source/text2c.c")
                // The files belong to the user.
                try await site.invocation("sed", ["-i", "s/return 2/return 3/", "\(file)"]).run()
                    .orThrow()
                let tried = try await site.zentoo("patch", "try", "desk", "--", "text2c")
                #expect(tried.status == 3, "\(tried)")
                try await site.zentoo("patch", "save", "desk", "status").orThrow()
                try await site.zentoo("root", "promote", "desk").orThrow()
                try await site.zentoo("patch", "drop", "desk").orThrow()
                try await site.zentoo("root", "remove", "desk").orThrow()
                #expect(try await site.leftovers() == [])
            }
        }
    }
}
