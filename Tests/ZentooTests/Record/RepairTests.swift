import Git
@testable import Records
import TestSupport
import Testing

/// All derived data can be lost and is recreated.
struct RepairTests {
    @Test func tagsLatestAndIndexAreRecreated() async throws {
        try await RecordFixture.with { fixture in
            let repository = fixture.repository
            let recorder = Recorder(repository)
            let builds = try (1...3).map {
                try fixture.build(
                    at: Int64($0) * 1_000_000, commit: fixture.tupleCommit(flags: "-O\($0)"))
            }
            for build in builds { _ = try await recorder.record(build) }
            #expect(try await recorder.repair() == Recorder.Repairs())

            let series = try RecordFixture.series()
            let latest = try #require(try series.latest())
            let second = try #require(try repository.resolve(try .tag(series.tagName(2))))
            try repository.set(latest, to: second, expecting: .anything)
            try repository.delete(try .tag(series.tagName(3)))
            try repository.delete(try RefName(Whence.referenceName))
            let repairs = try await recorder.repair()
            #expect(repairs.tagged.map(\.build) == [builds[2].result.build])
            #expect(repairs.tagged.map(\.number) == [3])
            #expect(repairs.lost.isEmpty)
            let reader = try ResultReader(fixture.files.open())
            #expect(try reader.latest(of: series)?.result == builds[2].result)
            #expect(try fixture.buildingNames().isEmpty)

            try repository.set(latest, to: second, expecting: .anything)
            #expect(try await recorder.repair().latest == ["\(latest)"])
        }
    }

    @Test func lostBuildsAreNamed() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build()
            _ = try await Recorder(fixture.repository).record(build)
            try fixture.repository.delete(try .tag(build.result.series.tagName(1)))
            try fixture.repository.delete(try #require(try build.result.series.latest()))
            try await fixture.files.git("gc", "-q", "--prune=now")
            let repairs = try await Recorder(try fixture.files.open()).repair()
            #expect(repairs.lost == [build.result.build])
            #expect(repairs.tagged.isEmpty)
        }
    }
}
