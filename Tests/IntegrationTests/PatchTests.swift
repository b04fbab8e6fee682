import Exec
import Files
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// Patching a package: from its source in a root to the tuple that is built
    /// with the patch.
    @Suite struct PatchTests {
        private static let tuple = "x86-64-v3-base-plain-tool"
        private static let package = "dev-util/text2c"

        private func source(_ site: DemoSite) -> FilePath {
            site.state.appending("roots/desk/patch").pushing(FilePath(Self.package))
                .appending("source")
        }

        /// Edits the source as a user does in an editor.
        private func edit(_ text: String, to other: String, in site: DemoSite) throws {
            let file = source(site).appending("text2c.c")
            let content = try Processes.text(of: file)
            try #require(content.contains(text))
            try FileContent.write(Array(content.replacing(text, with: other).utf8), to: file)
        }

        @Test func packageIsPatchedAndPromoted() async throws {
            try await DemoWorkshop.withSite { site in
                try await site.zentoo("new-root", "desk", Self.tuple).orThrow()
                let prepared = try await site.zentoo("patch", "prep", "desk", Self.package)
                    .orThrow()
                #expect(prepared.output.contains("source   \(source(site))"))

                try edit("return 2;", to: "return two;", in: site)
                let failed = try await site.zentoo("patch", "try", "desk")
                #expect(failed.status == 1)
                #expect(failed.output.contains("text2c-1.0: failed in compile"), "\(failed)")
                #expect(
                    failed.output.contains("'two' undeclared") || failed.output.contains("‘two’"))

                try edit("return two;", to: "return 3;", in: site)
                let tried = try await site.zentoo("patch", "try", "desk", "--", "text2c")
                #expect(tried.status == 3, "\(tried)")
                // Nothing of it is visible outside the root.
                #expect(try await site.poolFiles() == [])
                let tree = site.state.appending("roots/desk/tree")
                #expect(try await site.git("-C", "\(tree)", "status", "--porcelain") == "")
                #expect(try await site.leftovers() == [])

                let inside = try await site.zentoo(
                    "enter", "desk", "--", "sh", "-c",
                    "cd /run/zentoo/patch/\(Self.package)/source && grep -c 'return 3' text2c.c "
                        + "&& ! rm .git && ! touch ../git/config"
                ).orThrow()
                #expect(inside.output == "1\n")

                let saved = try await site.zentoo("patch", "save", "desk", "status").orThrow()
                #expect(saved.errors == "")
                let promoted = try await site.zentoo("root", "promote", "desk").orThrow()
                #expect(promoted.output.contains("A  patches/\(Self.package)/status.patch"))
                try await site.zentoo("build", Self.tuple).orThrow()
                try await site.zentoo("new-root", "other", Self.tuple).orThrow()
                let built = try await site.zentoo(
                    "enter", "other", "--", "sh", "-c",
                    "emerge -qK1 \(Self.package) >/dev/null && text2c")
                #expect(built.status == 3, "\(built)")
            }
        }

        @Test func patchThatDoesNotApplyIsFixed() async throws {
            try await DemoWorkshop.withSite { site in
                let path = "patches/\(Self.package)/old.patch"
                let old = """
                    --- a/text2c.c
                    +++ b/text2c.c
                    @@ -1,3 +1,3 @@
                    -/* what is not there any more */
                    +/* and would be so */
                     #include <studio.h>
                     

                    """
                try site.change("portage/base", [path: old])
                try await site.zentoo("new-root", "desk", Self.tuple).orThrow()
                let prepare = ["patch", "prep", "desk", Self.package]
                let refused = try await site.zentoo(prepare)
                #expect(refused.status == 128)
                #expect(
                    refused.errors.contains(
                        "user patch 'old.patch' does not apply to 'dev-util/text2c-1.0'"))
                #expect(refused.errors.contains("patch prep desk dev-util/text2c --edit old"))

                let edited = try await site.zentoo(prepare + ["--edit", "old"]).orThrow()
                #expect(edited.errors.contains("what is left of it is in .rej files"))
                let rejected = source(site).appending("text2c.c.rej")
                #expect(try FileStatus.of(rejected) != nil)
                #expect(try await site.zentoo("patch", "save", "desk", "old").status == 128)
                try FileContent.remove(rejected)
                try edit("return 2;", to: "return 4;", in: site)
                let tried = try await site.zentoo("patch", "try", "desk", "--test", "--", "text2c")
                #expect(tried.status == 4, "\(tried)")
                try await site.zentoo("patch", "save", "desk", "old").orThrow()
                #expect(
                    try await site.text("root/desk", "etc/portage/\(path)").contains("return 4"))
            }
        }

        @Test func packagesWithoutSourceAreReported() async throws {
            try await DemoWorkshop.withSite { site in
                try await site.zentoo("new-root", "desk", Self.tuple).orThrow()
                for (package, words) in [
                    ("app-misc/zen-meta", "'app-misc/zen-meta-1' has no source to be patched"),
                    ("app-misc/nonesuch", "no ebuild matches 'app-misc/nonesuch'"),
                    (
                        "=dev-libs/libzen-2.1.0",
                        "every version of '=dev-libs/libzen-2.1.0' is masked"
                    ),
                ] {
                    let refused = try await site.zentoo("patch", "prep", "desk", package)
                    #expect(refused.status == 128 && refused.errors.contains(words), "\(refused)")
                }
                #expect(try await site.zentoo("patch", "list").output == "")
                #expect(try await site.leftovers() == [])
            }
        }
    }
}
