@testable import Builds
import Exec
import Files
import Git
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// What removing and resetting a root discards, and what it keeps.
@Suite struct RootKeeperTests {
    @Test func rootWithoutWorkIsRemoved() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            try await remove("desk", from: bench)
            let repository = try bench.repository.open()
            #expect(try repository.resolve(.branch("root/desk")) == nil)
            #expect(try repository.worktrees() == [])
            #expect(try FileStatus.of(bench.place("desk").directory) == nil)
            try await bench.make("desk")
        }
    }

    @Test func unpromotedWorkIsKeptUnlessForced() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            try bench.write("x", to: "etc/portage/package.use/desk", of: "desk")
            let dirty = await #expect(throws: ZentooError.self) {
                try await remove("desk", from: bench)
            }
            #expect(dirty?.message == "root 'desk' has 1 file that is not committed")
            try await bench.commit("desk")
            let ahead = await #expect(throws: ZentooError.self) {
                try await remove("desk", from: bench)
            }
            #expect(ahead?.message == "root 'desk' has 1 commit that was not promoted")
            try await remove("desk", from: bench, isForced: true)
            #expect(try bench.repository.open().resolve(.branch("root/desk")) == nil)
        }
    }

    @Test func linksAreNotFollowedOutOfRoot() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            let outside = bench.repository.root.appending("outside")
            try Directory.create(outside)
            try FileContent.write([], to: outside.appending("precious"))
            let place = try bench.place("desk")
            for link in [place.tree.appending("etc/portage/out"), place.directory.appending("out")]
            {
                try await Invocation("ln", ["-s", outside.string, link.string]).run().orThrow()
            }
            try await remove("desk", from: bench, isForced: true)
            #expect(try FileStatus.of(outside.appending("precious")) != nil)
        }
    }

    @Test func resetDiscardsOnlyRequestedParts() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            let place = try bench.place("desk")
            let keeper = RootKeeper(machine: bench.machine)
            let name = place.name
            #expect(
                try await keeper.reset(name, .init(tree: false, packages: false, patches: false))
                    == [])

            try bench.write("x", to: "etc/portage/package.use/desk", of: "desk")
            let package = place.binpkgs.appending("f/app-misc/a/a-1-1.gpkg.tar")
            try Directory.create(package.removingLastComponent())
            try FileContent.write([], to: package)
            var settings = RootSettings()
            settings.kept = .init(
                job: "made-up-enter", stage: try #require(SHA256Digest(SiteFixture.digest)))
            try settings.write(to: place)
            try Directory.create(bench.machine.state.path.appending("jobs/made-up-enter"))
            let state = try bench.state("desk")
            #expect(state.isKept && state.packages == ["f/app-misc/a/a-1-1.gpkg.tar"])

            let done = try await keeper.reset(
                name, .init(tree: true, packages: true, patches: false))
            #expect(done.count == 3)
            let clean = try bench.state("desk")
            #expect(!clean.isKept && clean.packages == [] && clean.changes == [])
        }
    }

    @Test func enteredRootIsLocked() async throws {
        try await RootWorkbench.with { bench in
            try await bench.make("desk")
            let place = try bench.place("desk")
            try await RootLock.holding(place, "entered") {
                let holder = try bench.state("desk").holder
                #expect(holder?.hasPrefix("entered (process ") == true)
                let error = await #expect(throws: ZentooError.self) {
                    try await remove("desk", from: bench)
                }
                #expect(error?.code == .busy)
                #expect(error?.message.contains("entered (process ") == true)
            }
            #expect(try bench.state("desk").holder == nil)
        }
    }

    private func remove(
        _ name: String, from bench: RootWorkbench, isForced: Bool = false
    ) async throws {
        try await RootKeeper(machine: bench.machine).remove(ZentooName(name), isForced: isForced)
    }
}
