@testable import Builds
import Engines
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

/// `git zentoo repair`, from the leftovers of a killed build to its report.
struct RepairRunTests {
    @Test func repairCompletesSweepsAndRebuilds() async throws {
        try await RecordFixture.with { fixture in
            let machine = fixture.machine
            let state = machine.state
            let recorder = Recorder(fixture.repository)
            let killed = try fixture.build(at: 1_000_000)
            _ = try await recorder.record(killed, through: .notes)
            let forgotten = try fixture.build(at: 2_000_000).result
            try recorder.begin(forgotten.build, of: forgotten.series, commit: forgotten.commit)
            for path in ["results/\(killed.result.build)", "stages/.incoming-abcdef"] {
                try Directory.create(state.path.pushing(FilePath(path)))
            }

            let report = try await Repair(machine: machine).run()
            #expect(report.completed.map(\.build) == [killed.result.build])
            #expect(report.abandoned == [forgotten.build])
            #expect(report.builds == 1)
            #expect(report.packages == 1)
            #expect(report.obstacles.isEmpty && report.lost.isEmpty && report.tagged.isEmpty)
            #expect(try Directory.names(in: state.results).isEmpty)
            let stages = try Directory.names(in: state.path.appending("stages"))
            #expect(!stages.contains { $0.string.hasPrefix(".incoming-") })

            let again = try await Repair(machine: machine).run()
            #expect(again.completed.isEmpty && again.abandoned.isEmpty)
            #expect(again.builds == 1)
        }
    }
}
