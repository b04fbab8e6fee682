import Git
@testable import Records
@testable import Sites
import TestSupport
import Testing

/// References that are in the way of a record are found before the build.
struct RecordRoomTests {
    @Test(arguments: [
        "refs/tags/zentoo", "refs/tags/zentoo/main", "refs/zentoo/latest/main",
        "refs/notes/zentoo/old", "refs/zentoo/whence/old",
    ])
    func obstacleIsNamed(_ name: String) async throws {
        try await RecordFixture.with { fixture in
            let (recorder, series) = (Recorder(fixture.repository), try RecordFixture.series())
            try recorder.checkRoom(for: series)
            try fixture.repository.set(
                try RefName(name), to: try fixture.tupleCommit(), expecting: .absent)
            let error = #expect(throws: ZentooError.self) {
                try recorder.checkRoom(for: series)
            }
            #expect(error?.message.hasPrefix("'\(name)' is in the way of 'refs/") == true)
            #expect(error?.hints == ["git update-ref -d \(name)"])
        }
    }

    @Test func recordsOfTheSeriesAreNotInTheWay() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            let build = try fixture.build(at: 1_000_000, packages: [])
            _ = try await recorder.record(build)
            try recorder.checkRoom(for: build.result.series)
        }
    }
}
