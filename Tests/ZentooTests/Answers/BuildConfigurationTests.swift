import Git
@testable import Records
@testable import Sites
import TestSupport
import Testing

/// From a build back to its inputs, and from packages to builds.
struct BuildConfigurationTests {
    @Test func configurationNamesCommitsStageAndRepositories() async throws {
        try await SiteFixture().withSite { site, files in
            let repository = try files.open()
            let composed = try TupleComposer(site).compose(try #require(site.declaredTuples.first))
            let reader = try ResultReader(repository)
            var result = try RecordFixture(files).build().result
            result.commit = composed.commit
            let configuration = try #require(try reader.configuration(of: result))
            #expect(configuration.sources.map(\.kind) == [.portage, .buildhooks, .site])
            #expect(configuration.sources.map(\.commit.id) == composed.parents)
            #expect(configuration.stage?.name == "openrc")
            #expect(configuration.repositories.map(\.name) == ["gentoo"])
            #expect(configuration.repositories[0].revision == "sha256:\(SiteFixture.digest)")

            result.commit = try #require(ObjectID(hex: String(repeating: "7", count: 40)))
            #expect(try reader.configuration(of: result) == nil)
        }
    }

    @Test func previousSuccessIsFound() async throws {
        try await RecordFixture.with { fixture in
            var builds: [FinishedBuild] = []
            for (seconds, status) in [
                (1_000_000, BuildResult.Status.success), (2_000_000, .failure),
                (3_000_000, .success),
            ] {
                builds.append(
                    try fixture.build(
                        at: Int64(seconds), commit: fixture.tupleCommit(flags: "-O\(seconds)"),
                        status: status,
                        packages: [RecordFixture.package("cat/x-\(seconds)")]))
            }
            for build in builds { _ = try await Recorder(fixture.repository).record(build) }
            let reader = try ResultReader(fixture.repository)
            let last = try #require(try reader.newest(of: RecordFixture.series()))
            let first = try #require(try reader.success(before: last))
            #expect(first.result == builds[0].result)
            #expect(first.tag == "zentoo/main/\(RecordFixture.tuple)/1")
            #expect(try reader.success(before: first) == nil)

            let origins = try reader.whence("cat/x").origins
            let entries = try reader.builds(of: origins)
            #expect(entries.count == 3)
            #expect(entries[first.result.build] == first)
            #expect(entries[builds[1].result.build]?.tag == nil)
        }
    }

    @Test func pendingBuildIsKnown() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            #expect(try !recorder.hasPending)
            let build = try fixture.build()
            try recorder.begin(
                build.result.build, of: build.result.series, commit: build.result.commit)
            #expect(try recorder.hasPending)
            _ = try await recorder.record(build)
            #expect(try !recorder.hasPending)
        }
    }
}
