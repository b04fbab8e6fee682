@testable import Builds
import Engines
import Exec
import Files
import Git
@testable import Records
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// The changes of a source become a patch on the root's branch, and nothing
/// else is committed.
@Suite struct PatchBenchTests {
    private let path = "etc/portage/patches/app-misc/zen/usage.patch"

    @Test func onlyPatchIsCommitted() async throws {
        try await PatchWorkbench.with { work in
            let root = work.bench
            try root.write("edited\n", to: "etc/portage/package.use/web", of: "desk")
            try root.write("staged\n", to: "etc/portage/package.use/staged", of: "desk")
            try root.write("new\n", to: "etc/portage/package.use/new", of: "desk")
            _ = try await work.git("add", "etc/portage/package.use/staged")
            try work.write("one\nTWO\n", to: "zen.c")
            try work.write("news\n", to: "doc/NEWS")

            let saved = try await work.save("usage")
            #expect(saved.changes.map(\.path) == ["doc/NEWS", "zen.c"] && !saved.isTried)
            #expect(saved.path == "\(work.place.root.tree)/\(path)")
            #expect(
                try await work.git("show", "--name-only", "--format=%s") == """
                    app-misc/zen: usage

                    \(path)
                    """)
            #expect(
                try await work.git("status", "--porcelain") == """
                    A  etc/portage/package.use/staged
                     M etc/portage/package.use/web
                    ?? etc/portage/package.use/new
                    """)
            #expect(try await work.git("show", "HEAD:\(path)").contains("+++ b/doc/NEWS\n"))

            // Further changes are relative to the saved patch.
            #expect(try work.work().changes == [])
            #expect(try work.work().over == ["house.patch", "usage.patch"])
            #expect(try await work.gitInSource("status", "--porcelain") == "")
            try work.write("three\n", to: "Makefile")
            try await work.save("z-more", message: "make: three")
            #expect(try await work.git("log", "-1", "--format=%s") == "make: three")
            let more = try await work.git(
                "show", "HEAD:etc/portage/patches/app-misc/zen/z-more.patch")
            #expect(more.contains("Makefile") && !more.contains("zen.c"))
        }
    }

    @Test func savedPatchIsReplacedIfForced() async throws {
        try await PatchWorkbench.with { work in
            try work.write("one\nTWO\n", to: "zen.c")
            try await work.save("usage")
            try work.write("ONE\nTWO\n", to: "zen.c")
            await #expect(throws: ZentooError.self) { try await work.save("usage") }
            try await work.save("usage", isForced: true)
            let patch = try await work.git("show", "HEAD:\(path)")
            #expect(patch.contains("-one\n-two\n+ONE\n+TWO"))
            #expect(try work.work().over == ["house.patch", "usage.patch"])
        }
    }

    @Test func invalidPatchesAreRefused() async throws {
        try await PatchWorkbench.with { work in
            let head = try await work.git("rev-parse", "HEAD")
            func refusal(_ name: String) async throws -> String {
                let error = await #expect(throws: ZentooError.self) { try await work.save(name) }
                return error?.message ?? ""
            }
            #expect(try await refusal("usage").hasPrefix("nothing is changed"))
            try work.write("x\0y", to: "zen.o")
            #expect(try await refusal("usage") == "a patch cannot make 'zen.o': it is no text")
            try FileContent.remove(work.place.source.appending("zen.o"))
            try work.write("hunk\n", to: "zen.c.rej")
            #expect(try await refusal("usage").hasPrefix("'zen.c.rej' is what is left"))
            try FileContent.remove(work.place.source.appending("zen.c.rej"))
            try work.write("TWO\n", to: "zen.c")
            #expect(try await refusal("a").contains("would be applied before 'house.patch'"))

            // A user's own file of that name is not overwritten.
            try work.bench.write("mine\n", to: path, of: "desk")
            #expect(try await refusal("usage").contains("with changes in the way"))
            #expect(
                try FileContent.read(work.place.root.tree.pushing(FilePath(path)))
                    == Array("mine\n".utf8))
            try FileContent.remove(work.place.root.tree.pushing(FilePath(path)))

            // A patch is not saved on top of one that is no longer committed.
            _ = try await work.git("rm", "--quiet", PatchWorkbench.house)
            _ = try await work.git("commit", "--quiet", "-m", "no house style")
            #expect(try await refusal("usage").contains("is not committed in the root"))
            #expect(try await work.git("rev-parse", "HEAD~") == head)
            #expect(try work.work().changes.map(\.path) == ["zen.c"])
        }
    }

    @Test func patchIsPromotedToPortageBranch() async throws {
        try await PatchWorkbench.with { work in
            try work.write("one\nTWO\n", to: "zen.c")
            try await work.save("usage")
            let patch = try await work.git("show", "HEAD:\(path)")
            let repository = work.bench.repository
            let report = try await Promotion(
                RootBranch(work.place.root.name, in: repository.open()),
                to: Site(ZentooName("main"), in: repository.open(), remote: nil),
                git: repository.git, identity: TemporaryRepository.signature
            ).run()
            #expect(report.branches.map(\.name) == ["portage/base"])
            #expect(
                try await repository.git(
                    "show", "portage/base:patches/app-misc/zen/usage.patch") == patch)
            // The root is based on the promoted patch, and so are further changes.
            try work.write("one\nTWO\nthree\n", to: "zen.c")
            try await work.save("z-three")
        }
    }

    @Test func unsavedWorkIsKeptUnlessForced() async throws {
        try await PatchWorkbench.with { work in
            let root = work.place.root.name
            let keeper = RootKeeper(machine: work.bench.machine)
            try work.write("TWO\n", to: "zen.c")
            #expect(try work.bench.state("desk").patches.map(\.changes.count) == [1])
            let removal = await #expect(throws: ZentooError.self) {
                try await keeper.remove(root, isForced: false)
            }
            #expect(removal?.message == "root 'desk' has unsaved patch work on app-misc/zen")
            let drop = await #expect(throws: ZentooError.self) {
                try await work.patches.drop(nil, in: root, isForced: false)
            }
            #expect(drop?.message.contains("has 1 changed file that is not saved") == true)
            let again = await #expect(throws: ZentooError.self) {
                try await work.patches.prepare(
                    PatchPackage(PatchWorkbench.package), in: root, report: { _ in })
            }
            #expect(again?.code == .busy)
            #expect(work.bench.jobs == [])

            #expect(try await work.patches.drop("zen", in: root, isForced: true) == "app-misc/zen")
            #expect(try FileStatus.of(work.place.directory) == nil)
            let none = await #expect(throws: ZentooError.self) { try await work.save("usage") }
            #expect(none?.message == "root 'desk' has no patch work")
            try await keeper.remove(root, isForced: false)
        }
    }

    @Test func resetDiscardsPatchWorkOnRequest() async throws {
        try await PatchWorkbench.with { work in
            let keeper = RootKeeper(machine: work.bench.machine)
            let root = work.place.root.name
            try work.write("TWO\n", to: "zen.c")
            let kept = try await keeper.reset(
                root, .init(tree: true, packages: true, patches: false))
            #expect(!kept.contains("its patch work"))
            #expect(try work.work().changes.count == 1)
            let done = try await keeper.reset(
                root, .init(tree: false, packages: false, patches: true))
            #expect(done == ["its patch work"])
            #expect(try work.bench.state("desk").patches == [])
        }
    }

    @Test func damagedPatchWorkIsReportedAndCanBeDropped() async throws {
        try await PatchWorkbench.with { work in
            try FileContent.write(Array("nonsense\n".utf8), to: work.place.record)
            let error = #expect(throws: ZentooError.self) { try work.work() }
            #expect(error?.code == .damaged)
            #expect(error?.hints.first?.contains("patch drop desk app-misc/zen --force") == true)
            await #expect(throws: ZentooError.self) { try await work.save("usage") }
            _ = try await work.patches.drop(nil, in: work.place.root.name, isForced: true)
        }
    }

    @Test func recordRoundTrips() async throws {
        try await PatchWorkbench.with { work in
            var record = try #require(try PatchRecord(of: work.place))
            let id = try #require(record.over.first?.id)
            record.over.append(.init(name: "odd name # % é.diff", id: id, before: id))
            record.edited = "x y.patch"
            record.tried = id
            record.made = "f/app-misc/zen/zen-1.2.0-1.gpkg.tar"
            try record.write(to: work.place)
            #expect(try PatchRecord(of: work.place) == record)
        }
    }
}

extension RootWorkbench {
    /// The ids of the jobs that were run.
    fileprivate var jobs: [String] { (machine.engine as? FakeEngine)?.jobs.map(\.id) ?? ["?"] }
}
