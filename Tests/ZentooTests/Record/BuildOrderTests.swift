import Git
@testable import Records
@testable import Sites
import TestSupport
import Testing

/// Which of several builds is the newest.
struct BuildOrderTests {
    private static let hour: Int64 = 3_600_000

    @Test func buildsFromTheFutureAreTheOldest() {
        let now = Timestamp(seconds: 1_795_472_310)
        let order = BuildOrder(now: now)
        let hours: [Int64] = [-2, -1, 23, 25, 9000]
        let builds = hours.map {
            BuildID.make(now: Timestamp(milliseconds: now.milliseconds + $0 * Self.hour))
        }
        #expect(order.newestFirst(builds) == [2, 1, 0, 4, 3].map { builds[$0] })
        #expect(
            builds.shuffled().sorted(by: order.isOlder)
                == [3, 4, 0, 1, 2].map { builds[$0] })
        #expect(order.newestFirst([]).isEmpty)
        #expect(order.newestFirst([builds[4]]) == [builds[4]])
        #expect(order.newestFirst([builds[0]]) == [builds[0]])
    }

    /// One build with a clock that is a year ahead, then one with the correct
    /// clock.
    @Test func buildAfterOneFromTheFutureIsNewest() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            let present = Timestamp.now.seconds
            let early = try fixture.build(at: present + 365 * 86_400)
            _ = try await recorder.record(early)
            let commit = try fixture.tupleCommit(flags: "-O3")
            let honest = try fixture.build(at: present, commit: commit)
            _ = try await recorder.record(honest)

            let series = try RecordFixture.series()
            let reader = try ResultReader(fixture.repository)
            #expect(try reader.latest(of: series)?.result.build == honest.result.build)
            #expect(try reader.newest(of: series)?.result.build == honest.result.build)
            let name = try #require(try series.latest())
            let tag = try #require(try fixture.repository.resolve(name))
            #expect(try fixture.repository.tag(tag)?.name == series.tagName(2))
        }
    }
}
