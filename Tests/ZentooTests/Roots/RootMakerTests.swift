@testable import Builds
import Exec
import Files
import Git
@testable import Records
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

/// Roots that are created, lost and restored.
@Suite struct RootMakerTests {
    @Test func newRootHasBranchAndWorktree() async throws {
        try await RootWorkbench.with { bench in
            let root = try await bench.make("desk")
            let composed = try TupleComposer(bench.site).compose(
                bench.site.tuple(named: RootWorkbench.tuple))
            #expect(root.commit == composed.commit)
            #expect(
                try bench.repository.open().resolve(.branch("root/desk")) == composed.commit)
            let tree = try bench.place("desk").tree
            #expect(try FileStatus.of(tree.appending("etc/portage/make.conf/10-a")) != nil)
            let status = try await bench.repository.git.run(
                ["status", "--porcelain", "--branch"], directory: tree
            ).text
            #expect(status == "## root/desk")
            let state = try bench.state("desk")
            #expect(state.ahead == 0 && state.changes == [] && !state.isKept)
            #expect(state.tuple == RootWorkbench.tuple && state.base == composed.commit)
        }
    }

    /// Several roots can use one portage branch.
    @Test func rootsOfOneTupleAreIndependent() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            try await bench.make("lab")
            try bench.write("x", to: "etc/portage/package.use/lab", of: "lab")
            #expect(try bench.state("desk").changes == [])
            #expect(try bench.state("lab").changes?.map(\.path) == ["etc/portage/package.use/lab"])
            #expect(
                try RootSurvey(bench.repository.open(), state: bench.machine.state).names().map(
                    \.text) == ["desk", "lab"])
        }
    }

    @Test func existingNameIsRefused() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            let error = await #expect(throws: ZentooError.self) { try await bench.make("desk") }
            #expect(error?.code == .exists)
            #expect(try bench.state("desk").changes == [])
        }
    }

    @Test func failedCreationLeavesNothing() async throws {
        try await RootWorkbench.with { bench in
            // A file in the place of the roots' directory.
            try Directory.create(bench.machine.state.path)
            try FileContent.write([], to: bench.machine.state.roots)
            await #expect(throws: (any Error).self) { try await bench.make("desk") }
            let repository = try bench.repository.open()
            #expect(try repository.resolve(.branch("root/desk")) == nil)
            #expect(try repository.worktrees() == [])
            try FileContent.remove(bench.machine.state.roots)
            try await bench.make("desk")
        }
    }

    @Test func chosenStageIsRecorded() async throws {
        try await RootWorkbench.with { bench in
            let error = await #expect(throws: ZentooError.self) {
                try await bench.make("desk", stage: "musl")
            }
            #expect(error?.code == .notFound)
            try await bench.make("desk", stage: "openrc")
            #expect(try bench.state("desk").stage == "openrc sha256:\(SiteFixture.digest)")
        }
    }

    @Test func missingWorktreeIsCheckedOutAgain() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            try bench.write("x", to: "etc/portage/package.use/desk", of: "desk")
            try await bench.commit("desk")
            try await Invocation("rm", ["-rf", bench.place("desk").directory.string]).run()
                .orThrow()
            #expect(try bench.state("desk").changes == nil)
            let check = try RootCheck(bench.repository.open(), state: bench.machine.state)
            #expect(try check.findings().map(\.level) == [.warn])
            #expect(try bench.ensure("desk") == .checkedOut)
            #expect(try bench.ensure("desk") == .none)
            let state = try bench.state("desk")
            #expect(state.changes == [] && state.ahead == 1)
        }
    }

    /// libgit2 alone would continue at the old location.
    @Test func movedStateDirectoryIsRepaired() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            let (old, new) = (bench.machine.state.path, bench.repository.root.appending("moved"))
            try await Invocation("mv", [old.string, new.string]).run().orThrow()
            let moved = RootWorkbench(
                site: bench.site, repository: bench.repository,
                machine: RootWorkbench.machine(of: bench.repository, state: new))
            let check = try RootCheck(bench.repository.open(), state: moved.machine.state)
            #expect(try check.findings().map(\.hints) == [["git zentoo repair"]])
            #expect(try check.mend().map(\.text) == ["desk"])
            #expect(try check.findings().map(\.message) == ["1, in order"])
            #expect(try moved.ensure("desk") == .none)
            let status = try await bench.repository.git.run(
                ["status", "--porcelain"], directory: moved.place("desk").tree
            ).text
            #expect(status == "")
            let list = try await bench.repository.git("worktree", "list", "--porcelain")
            #expect(list.contains("worktree \(new)/roots/desk/tree"))
        }
    }

    @Test func worktreeOfOtherRepositoryIsRefused() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            let copy = bench.repository.root.appending("copy")
            try await Invocation("cp", ["-a", bench.repository.path.string, copy.string]).run()
                .orThrow()
            let error = #expect(throws: GitError.self) {
                try RootWorktree(place: bench.place("desk"), repository: .open(copy)).ensure()
            }
            #expect(error?.code == .conflict)
            #expect(try bench.ensure("desk") == .none)
        }
    }

    @Test func worktreeOnOtherBranchIsReported() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            let tree = try bench.place("desk").tree
            try await bench.repository.git.run(["checkout", "--quiet", "-b", "x"], directory: tree)
            let obstacle = try bench.state("desk").obstacle
            #expect(obstacle?.contains("branch 'x'") == true)
            let error = #expect(throws: ZentooError.self) { try bench.ensure("desk") }
            #expect(error?.hints == ["git -C '\(tree)' checkout root/desk"])
        }
    }
}
