import Exec
import Files
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// A root's branch, from its first commit to its promotion to the tuple.
    @Suite struct RootBuildTests {
        private let tuple = DemoWorkshop.builtTuple

        @Test func rootIsBuiltAndPromotedWithoutRebuild() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                try await site.zentoo("new-root", "desk", tuple).orThrow()
                let tree = site.state.appending("roots/desk/tree")
                let use = tree.appending("etc/portage/package.use/zen")
                let text = "app-misc/zen -nls\nnet-misc/zend syslog\n"
                try FileContent.write(Array(text.utf8), to: use)

                // Only committed changes count.
                let same = try await site.zentoo("build", "--root", "desk").orThrow()
                #expect(same.output.contains("the same was built before, now zentoo-root/desk/1"))
                #expect(same.errors.contains("has changes that are not committed"))
                try await site.git(
                    "-C", "\(tree)", "commit", "--quiet", "--all", "-m", "zen: no translations")
                let built = try await site.zentoo("build", "--root", "desk").orThrow()
                #expect(built.output.contains("root/desk: zentoo-root/desk/2 - 1 made, 5 reused"))
                let again = try await site.zentoo("build", "--root", "desk").orThrow()
                #expect(again.output.contains("root/desk: up to date (zentoo-root/desk/2)"))

                // The tuple's own history does not contain the root's builds; log, show and
                // whence do.
                #expect(try await site.tags().contains("zentoo/main/\(tuple)/2") == false)
                let log = try await site.zentoo("log", "desk").orThrow().output
                #expect(log.contains("desk@1") && log.contains("desk@2"))
                let show = try await site.zentoo("show", "desk@2").orThrow().output
                #expect(show.contains("zentoo-root/desk/2"))
                let whence = try await site.zentoo("whence", "app-misc/zen").orThrow().output
                #expect(whence.contains("zentoo-root/desk/2"))

                try await site.zentoo("root", "promote", "desk").orThrow()
                #expect(
                    try await site.git("log", "-1", "--format=%s", "portage/base")
                        == "zen: no translations")
                let tupled = try await site.zentoo("build", tuple).orThrow()
                #expect(
                    tupled.output.contains("the same was built before, now zentoo/main/\(tuple)/2"))
                #expect(
                    try await site.git("rev-parse", "zentoo-root/desk/2^{tree}")
                        == site.git("rev-parse", "zentoo/main/\(tuple)/2^{tree}"))
            }
        }

        @Test func rootIsCheckedLikeTuple() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                try await site.zentoo("new-root", "lab", tuple).orThrow()
                let tree = site.state.appending("roots/lab/tree")
                let conf = tree.appending("etc/portage/make.conf")
                try FileContent.write(
                    Array("PKGDIR=/tmp\n".utf8), to: conf.appending("90-zentoo"))
                try await site.git("-C", "\(tree)", "commit", "--quiet", "--all", "-m", "bad")
                let own = try await site.zentoo("build", "--root", "lab")
                #expect(own.status == 128)
                #expect(own.errors.contains("root/lab:etc/portage/make.conf/90-zentoo"))
                try await site.git("-C", "\(tree)", "reset", "--quiet", "--hard", "HEAD~1")
                try FileContent.write(
                    Array("CFLAGS=\"-march=native\"\n".utf8), to: conf.appending("50-make.conf"))
                try await site.git("-C", "\(tree)", "commit", "--quiet", "--all", "-m", "bad")
                let native = try await site.zentoo("build", "--root", "lab")
                #expect(native.status == 128)
                #expect(native.errors.contains("root/lab:etc/portage/make.conf/50-make.conf:1"))
                #expect(try await site.git("tag", "--list", "zentoo-root/*").isEmpty)
            }
        }
    }
}
