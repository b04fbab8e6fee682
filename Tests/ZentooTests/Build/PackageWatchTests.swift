@testable import Builds
import Files
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// What a merge may leave in the pool.
struct PackageWatchTests {
    private func watch(_ fixture: PoolFixture, compiling names: [String]) throws -> PackageWatch {
        PackageWatch(
            fixture.directory, of: fixture.flavour,
            before: try PackageDirectory.identities(in: fixture.directory),
            expecting: Set(names.compactMap { CPV($0) }))
    }

    @Test func plannedPackageMayCome() async throws {
        try await PoolFixture.with { fixture in
            let reused = try await fixture.put("reused", "cat/reused-1")
            let watch = try watch(fixture, compiling: ["cat/made-1"])
            #expect(watch.present == [reused.path.pathInFlavour])
            try await fixture.put("made", "cat/made-1")
            #expect(try watch.unfit() == [])
        }
    }

    @Test func packageOfAnotherVersionMayNot() async throws {
        try await PoolFixture.with { fixture in
            let watch = try watch(fixture, compiling: ["cat/made-1"])
            try await fixture.put("made", "cat/made-1")
            let planted = try await fixture.put("planted", "cat/other-1")
            #expect(try watch.unfit().map(\.path) == [planted.path])
        }
    }

    @Test func earlierPackageMayNotChange() async throws {
        try await PoolFixture.with { fixture in
            let kept = try await fixture.put("kept", "cat/kept-1")
            let changed = try await fixture.put("changed", "cat/changed-1")
            let replaced = try await fixture.put("replaced", "cat/replaced-1")
            let watch = try watch(fixture, compiling: [])
            try await fixture.put("changed and longer", "cat/changed-1")
            // As containers do, which write to a copy of hard links.
            try await fixture.run(
                "cd '\(fixture.directory)/cat/kept' && ln * ../link && rm ../link")
            let file = fixture.state.pool.appending(replaced.path.description)
            try FileContent.remove(file)
            try await fixture.put("replaced", "cat/replaced-1")
            let unfit = try watch.unfit()
            #expect(unfit.map(\.path) == [changed.path, replaced.path])
            #expect(!unfit.map(\.path).contains(kept.path))
        }
    }

    @Test func newPackageIsAsPortageIndexedIt() async throws {
        try await PoolFixture.with { fixture in
            let watch = try watch(fixture, compiling: ["cat/made-1"])
            let made = try await fixture.put("made", "cat/made-1")
            try fixture.index([made])
            #expect(try watch.unfit() == [])
            try await fixture.put("made and more", "cat/made-1")
            #expect(try watch.unfit().map(\.path) == [made.path])
        }
    }

    @Test func killedBuildsIntrudersAreTold() async throws {
        try await PoolFixture.with { fixture in
            let result = try fixture.records.build(at: 2_000_000, status: .cancelled, packages: [])
                .result
            let directory = try await PackageDirectory.lock(
                fixture.flavour, in: fixture.state.pool
            ) {}
            let expected: Set = [try #require(CPV("cat/made-1"))]
            try directory.beginWriting(result.build, as: result, expecting: expected)
            let made = try await fixture.put("made", "cat/made-1")
            let planted = try await fixture.put("planted", "cat/other-1")
            #expect(
                try UnrecordedPackages.unexpected(in: fixture.directory)
                    == [planted.path.pathInFlavour])
            let notes = try UnrecordedPackages.notes(in: fixture.directory)
            #expect(notes.map(\.paths) == [[made.path.pathInFlavour]])
            _ = consume directory
        }
    }

    @Test func irregularIndexIsNone() async throws {
        try await PoolFixture.with { fixture in
            try await fixture.put("made", "cat/made-1")
            for shape in ["mkdir", "mkfifo", "ln -s /etc/passwd"] {
                let index = fixture.directory.appending("Packages")
                try await fixture.run("\(shape) '\(index)'")
                #expect(try PackageIndex(of: fixture.directory) == nil)
                let survey = PoolSurvey(pool: fixture.state.pool, isRecorded: { _ in false })
                #expect(try survey.problems().map(\.lacksIndex) == [true])
                let removed = try await PackageDirectory.removeIrregularIndexes(
                    from: fixture.directory, by: .ofTests)
                #expect(removed == ["Packages"])
            }
        }
    }
}
