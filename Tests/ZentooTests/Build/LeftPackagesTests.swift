@testable import Builds
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

/// What a killed build left in the pool.
struct LeftPackagesTests {
    /// Simulates a build that was killed after it made a package next to a recorded
    /// one.
    private func kill(
        _ fixture: PoolFixture
    ) async throws -> (build: BuildResult, made: RecordedPackage) {
        let recorded = try await fixture.put("recorded", "cat/recorded-1")
        try await fixture.record([recorded])
        var result = try fixture.records.build(at: 2_000_000, status: .cancelled, packages: [])
            .result
        (result.chost, result.flavour) = (fixture.flavour.chost, fixture.flavour.id)
        let directory = try await PackageDirectory.lock(fixture.flavour, in: fixture.state.pool) {}
        try directory.beginWriting(result.build, as: result)
        let made = try await fixture.put("made", "cat/made-1")
        try fixture.index([recorded, made])
        _ = consume directory
        return (result, made)
    }

    private func unknown(_ fixture: PoolFixture) async throws -> [String] {
        try await ResultReader(fixture.records.repository)
            .verify(pool: fixture.state.pool, scope: .all).unknown
    }

    @Test func repairRecordsLeftPackages() async throws {
        try await PoolFixture.with { fixture in
            let (build, made) = try await kill(fixture)
            #expect(try await unknown(fixture) == [made.path.description])
            let report = try await Repair(machine: fixture.machine).run()
            #expect(report.cancelled.map(\.build) == [build.build])
            #expect(try await unknown(fixture) == [])
            let origins = try ResultReader(fixture.records.repository).whence("cat/made").origins
            #expect(origins.map(\.build) == [build.build])
            let entry = try ResultReader(fixture.records.repository)
                .log(site: ZentooName("main")).first
            #expect(entry?.result.status == .cancelled)
            let result = try #require(entry?.result)
            let package = try #require(
                try ResultReader(fixture.records.repository).packages(of: result).first)
            #expect(package.use == ["nls"] && package.slot == "0/1")
            #expect(try await Repair(machine: fixture.machine).run().cancelled.isEmpty)
        }
    }

    @Test func nextBuildKeepsLeftPackagesApart() async throws {
        try await PoolFixture.with { fixture in
            let (build, made) = try await kill(fixture)
            // The next build repairs the directory and makes a package itself.
            try UnrecordedPackages.keep(in: fixture.directory)
            let other = try await fixture.put("other", "cat/other-1")
            let recorded = try await fixture.put("recorded", "cat/recorded-1")
            try fixture.index([recorded, made, other])
            let report = try await Repair(machine: fixture.machine).run()
            #expect(report.cancelled.map(\.build) == [build.build])
            #expect(try await unknown(fixture) == [other.path.description])
        }
    }

    /// As a build whose disk was full before its harvest.
    @Test func leftPackagesAreAddedToFailure() async throws {
        try await PoolFixture.with { fixture in
            let (build, made) = try await kill(fixture)
            try UnrecordedPackages.keep(in: fixture.directory)
            var failed = build
            failed.status = .failure
            failed.failure = BuildResult.Failure(phase: BuildResult.Failure.noSpace)
            _ = try await Recorder(fixture.records.repository).record(
                FinishedBuild(result: failed, packages: []))
            try UnrecordedPackages.forget(build.build, recorded: [], in: fixture.directory)
            let report = try await Repair(machine: fixture.machine).run()
            #expect(report.cancelled.map(\.build) == [build.build])
            let reader = try ResultReader(fixture.records.repository)
            #expect(try reader.log(site: ZentooName("main")).first?.result.status == .failure)
            #expect(try reader.packages(of: failed).map(\.path) == [made.path])
            #expect(try await unknown(fixture) == [])
        }
    }

    @Test func packageIsRecordedOnceIndexed() async throws {
        try await PoolFixture.with { fixture in
            let (build, made) = try await kill(fixture)
            let recorded = try await fixture.put("recorded", "cat/recorded-1")
            try fixture.index([recorded])
            let left = LeftPackages(
                machine: fixture.machine, repository: fixture.records.repository)
            try UnrecordedPackages.keep(in: fixture.directory)
            #expect(try await left.record().isEmpty)
            try fixture.index([recorded, made])
            #expect(try await left.record().map(\.build) == [build.build])
            #expect(try await left.record().isEmpty)
        }
    }

    @Test func packageRecordedMeanwhileIsSkipped() async throws {
        try await PoolFixture.with { fixture in
            let (_, made) = try await kill(fixture)
            try await fixture.record([made], at: 3_000_000)
            #expect(try await Repair(machine: fixture.machine).run().cancelled.isEmpty)
        }
    }

    @Test func packagesOfFailuresAreVerifiedByDefault() async throws {
        try await PoolFixture.with { fixture in
            let one = try await fixture.put("one", "cat/one-1")
            try await fixture.record([one])
            let two = try await fixture.put("two", "cat/two-1")
            try await fixture.record([two], at: 2_000_000, status: .failure)
            try await fixture.alter(two, to: "TWO")
            let report = try await ResultReader(fixture.records.repository)
                .verify(pool: fixture.state.pool, scope: .newest(site: ZentooName("main")))
            #expect(report.problems.map(\.package.path) == [two.path])
            #expect(report.checked == 2)
        }
    }
}
