import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// The records of a bootstrap: a series of the stage, never builds of the
/// tuple.
struct BootstrapRecordTests {
    private let site: ZentooName
    private let series: BuildSeries

    init() throws {
        site = try ZentooName("main")
        series = try RecordFixture.series(stage: "znver3-base")
    }

    @Test func bootstrapLineRoundTrips() async throws {
        try await RecordFixture.with { fixture in
            let result = try fixture.build(series: series).result
            #expect(result.line.kind == .bootstrap)
            #expect(result.line[.bootstrap] == "znver3-base")
            #expect(BuildResult(result.line) == result)
            let failure = try fixture.build(series: series, status: .failure).result
            #expect(BuildResult(failure.line) == failure)
            // A result line must not be read as a bootstrap line, nor the reverse.
            for (kind, change) in [
                (RecordLine.Kind.result, { (_: inout RecordLine) in }),
                (.bootstrap, { $0[.bootstrap] = nil }), (.bootstrap, { $0[.archive] = nil }),
                (.bootstrap, { $0[.root] = "lab" }), (.bootstrap, { $0[.bootstrap] = "../x" }),
            ] {
                var line = RecordLine(result.build, kind)
                for key in result.line.keys { line[key] = result.line[key] }
                change(&line)
                #expect(BuildResult(line) == nil, "\(line)")
            }
        }
    }

    @Test func bootstrapHasOwnTagsAndIsNotLatestOfTuple() async throws {
        try await RecordFixture.with { fixture in
            let repository = fixture.repository
            let build = try fixture.build(at: 1_000_000)
            _ = try await Recorder(repository).record(build)
            let bootstrap = try fixture.build(at: 2_000_000, series: series)
            let recorded = try await Recorder(repository).record(bootstrap)
            #expect(recorded.tagName == "zentoo-stage/main/znver3-base/1")
            let archive = try #require(bootstrap.result.archive)
            let tag = try await fixture.files.git(
                "cat-file", "tag", "zentoo-stage/main/znver3-base/1")
            #expect(tag.hasSuffix("\nStage: sha256:\(archive.sha256)"))

            let reader = try ResultReader(repository)
            #expect(try reader.latest(of: RecordFixture.series())?.result == build.result)
            #expect(try reader.success(ofTree: build.result.tree) == build.result)
            #expect(try reader.latest(of: series)?.result == bootstrap.result)
            #expect(try reader.whence.series() == [RecordFixture.series()])
            #expect(try reader.whence.stages(of: site) == [series])
            #expect(
                try reader.log(site: site).map(\.tag) == [
                    "zentoo-stage/main/znver3-base/1", "zentoo/main/\(RecordFixture.tuple)/1",
                ])
            #expect(try reader.log(of: series).count == 1)
            for name in [
                "znver3-base", "znver3-base@1", "zentoo-stage/main/znver3-base/1",
                "\(bootstrap.result.build)",
            ] {
                #expect(try reader.build(name, site: site).result == bootstrap.result, "\(name)")
            }
            #expect(try reader.build(RecordFixture.tuple, site: site).result == build.result)
            // The branches get no new lines.
            for branch in ["portage/base", "main"] {
                let notes = try await fixture.files.git("notes", "--ref=zentoo", "show", branch)
                #expect(!notes.contains("\(bootstrap.result.build)"))
            }
        }
    }

    @Test(arguments: Recorder.Step.allCases)
    func interruptedRecordIsCompletedAndRegistered(_ last: Recorder.Step) async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build(series: series)
            let recorder = Recorder(fixture.repository)
            _ = try await recorder.record(build, through: last)
            var registered: [BuildResult] = []
            let completion = try await recorder.completePending(
                isRunning: { _ in false },
                register: { result in
                    registered.append(result)
                    // After its tag is created and before the build counts as ended.
                    let (tags, building) = (
                        try fixture.tagNames(), try fixture.buildingNames()
                    )
                    #expect(tags == ["zentoo-stage/main/znver3-base/1"])
                    #expect(building.count == 1)
                })
            #expect(completion.obstacles == [])
            let isToComplete = last >= .notes && last < .release
            #expect(registered == (isToComplete ? [build.result] : []))
            #expect(try fixture.buildingNames().isEmpty)
            #expect(try fixture.tagNames().count == (last >= .notes ? 1 : 0))
        }
    }

    @Test func failedRegistrationIsRetried() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build(series: series)
            let recorder = Recorder(fixture.repository)
            _ = try await recorder.record(build, through: .latest)
            let first = try await recorder.completePending(
                isRunning: { _ in false },
                register: { _ in throw ZentooError(.busy, "not now") })
            #expect(first.obstacles.map(\.reason) == ["not now"])
            #expect(try fixture.buildingNames().count == 1)
            let second = try await recorder.completePending { _ in false }
            #expect(second.completed.map(\.build) == [build.result.build])
            #expect(try fixture.buildingNames().isEmpty)
        }
    }

    @Test func failureHasNotesAndKeepsItsCommit() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build(series: series, status: .failure)
            _ = try await Recorder(fixture.repository).record(build)
            #expect(try fixture.tagNames().isEmpty)
            let kept = try fixture.repository.references(under: "refs/zentoo/failed-stage/")
            #expect(kept.map(\.id) == [build.result.commit])
            let log = try ResultReader(fixture.repository).log(site: site)
            #expect(log.map(\.result) == [build.result])
        }
    }

    @Test func repairRestoresLostTag() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build(series: series)
            _ = try await Recorder(fixture.repository).record(build)
            let name = try RefName.tag("zentoo-stage/main/znver3-base/1")
            try fixture.repository.delete(name)
            let repairs = try await Recorder(fixture.repository).repair()
            #expect(repairs.tagged.map(\.tagName) == ["zentoo-stage/main/znver3-base/1"])
            #expect(repairs.latest == [])
        }
    }
}
