@testable import Commands
@testable import Git
@testable import Records
@testable import Roots
import TestSupport
import Testing

/// The output of the patch commands, and their errors for wrong names.
@Suite struct PatchCommandsTests {
    @Test func mistakesAreReported() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try await TypedSession.withPinnedSite(directory)
            await session.type("new-root desk")
            session.transcript = ""
            await session.type("patch list")
            await session.type("patch list nothing")
            await session.type("patch list desk --json")
            await session.type("patch prep desk zen")
            await session.type("patch prep nothing app-misc/zen")
            await session.type("patch prep desk app-misc/zen --edit ../x")
            await session.type("patch try desk")
            await session.type("patch try desk --json -- true")
            await session.type("patch save desk x")
            await session.type("patch save desk a/b")
            await session.type("patch save desk x app-misc/zen --message=")
            await session.type("patch drop desk zen")
            try assertSnapshot(session.transcript, named: "patch/mistakes")
        }
    }

    @Test func patchReportsMatchSnapshots() throws {
        let pages: [(String, any Report)] = [
            (
                "prepared",
                PreparedSourcePage(
                    prepared: PreparedSource(
                        work: try work(changed: 1, editing: "fix.patch"), isRejected: false,
                        leftOut: []))
            ),
            (
                "list",
                PatchListing(patches: [
                    try work(changed: 2), try work(changed: 0),
                    try work(changed: 1, editing: "fix.patch", isTried: true),
                ])
            ),
            ("saved", SavedPatchPage(saved: try saved(in: MadeUp.id("c")))),
            ("saved-already", SavedPatchPage(saved: try saved(in: nil))),
            ("built", PatchTrialPage(report: trial(.built))),
            ("failed", PatchTrialPage(report: trial(.failed))),
        ]
        for (name, report) in pages {
            try assertSnapshot(report.page.rendered(colored: false), named: "patch/\(name)")
        }
    }

    private func changes(_ count: Int) throws -> [PathChange] {
        let entry = TreeEntry("x", .file, try MadeUp.id("1"))
        return (0..<count).map {
            PathChange(TreeDelta(path: TreePath("src/\($0).c"), old: nil, new: entry))
        }
    }

    private func work(
        changed: Int, editing edited: String? = nil, isTried: Bool = false
    ) throws -> PatchWork {
        PatchWork(
            root: "desk", package: "app-misc/zen", version: "app-misc/zen-1.2.0", edited: edited,
            over: ["house-style.patch"], source: "/state/roots/desk/patch/app-misc/zen/source",
            mountPoint: "/run/zentoo/patch/app-misc/zen/source", changes: try changes(changed),
            isTried: isTried)
    }

    private func saved(in commit: ObjectID?) throws -> SavedPatch {
        SavedPatch(
            root: "desk", package: "app-misc/zen", version: "app-misc/zen-1.2.0",
            path: "/state/roots/desk/tree/etc/portage/patches/app-misc/zen/fix.patch",
            commit: commit, changes: try changes(2), isTried: true)
    }

    private func trial(_ status: PatchTrialReport.Status) -> PatchTrialReport {
        var report = PatchTrialReport(
            root: "desk", version: "app-misc/zen-1.2.0", status: status, changes: 1,
            log: "/state/logs/x.log.zst", durationSeconds: 65)
        switch status {
        case .built:
            report.package = "/state/roots/desk/binpkgs/f/app-misc/zen/zen-1.2.0-1.gpkg.tar"
        case .failed:
            report.phase = "compile"
            report.failed = "app-misc/zen-1.2.0"
            report.lastLines = ["zen.c:3: error: nonsense"]
        }
        return report
    }
}
