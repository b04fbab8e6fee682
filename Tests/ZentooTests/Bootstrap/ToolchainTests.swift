@testable import Builds
import Testing

/// Which packages of a plan change the flavour of what is compiled after them.
struct ToolchainTests {
    private func change(_ lines: [String]) -> String? {
        Toolchain.change(in: MergePlan(lines).entries)?.cpv
    }

    @Test func firstChangedCompilerOrLibcIsFound() {
        let plan = [
            "[ebuild     U ~] sys-apps/sed-4.9:0::gentoo [4.8:0::gentoo]",
            "[ebuild   R    ] sys-devel/gcc-13.2.1_p20240210:13::gentoo  USE=\"cxx\"",
            "[ebuild     U  ] sys-libs/glibc-2.40-r5:2.2::gentoo [2.39-r9:2.2::gentoo]",
            "[binary  NS    ] sys-devel/gcc-14.2.1-2:14::gentoo [13.2.1:13::gentoo]",
        ]
        #expect(change(plan) == "sys-libs/glibc-2.40-r5")
        #expect(change(Array(plan[3...])) == "sys-devel/gcc-14.2.1")
        #expect(change(Array(plan[..<2])) == nil)
        #expect(change(["[ebuild  N     ] sys-devel/gcc-config-2.11:0::gentoo"]) == nil)
    }

    @Test func goalsBecomeEmergeArguments() {
        let emerge = Emerge(comparesPatches: true, compiled: ["app-misc/a"])
        let common = [
            "--usepkg", "--binpkg-respect-use=y", "--binpkg-respect-user-patches=y",
            "--usepkg-exclude=app-misc/a", "--binpkg-changed-deps=y", "--buildpkg",
        ]
        for (goal, options, targets) in [
            (
                MergeGoal.set("web"), ["--update", "--deep", "--newuse", "--with-bdeps=y"],
                ["@web"]
            ),
            (
                .everything(with: "web"), ["--oneshot", "--emptytree", "--with-bdeps=y"],
                ["@world", "@web"]
            ),
            (.needs(of: "a/b-1"), ["--oneshot", "--onlydeps", "--with-bdeps=y"], ["=a/b-1"]),
            (.only("a/b-1"), ["--oneshot", "--nodeps"], ["=a/b-1"]),
        ] {
            let arguments = emerge.fetch(goal)[6...]
            #expect(Array(arguments) == options + common + targets)
            #expect(Array(emerge.pretend(goal)[5...]) == Array(arguments))
            #expect(Array(emerge.merge(goal, jobs: 2)[8...]) == Array(arguments))
        }
    }
}
