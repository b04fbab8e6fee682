@testable import Builds
import Git
@testable import Records
@testable import Sites
import TestSupport
import Testing

/// A record can be read whatever happened to its branches.
@Suite struct RecordedSiteTests {
    enum Change: String, CaseIterable {
        case nothing, portageGone, buildhooksGone, siteGone, stageRemoved, cpuRenamed, allGone
    }

    @Test(arguments: Change.allCases)
    func recordKeepsTupleStageAndRepositories(_ change: Change) async throws {
        var fixture = SiteFixture()
        fixture["main", "config/tuples"] = "a-base-x-default-web\n"
        fixture.branches["portage/base-x"] = fixture.branches["portage/base"]
        fixture.branches["portage/base"] = nil
        try await TemporaryRepository.with { temporary in
            try fixture.commit(to: temporary)
            let repository = try temporary.open()
            let name = try ZentooName("main")
            let site = try Site(name, in: repository, remote: nil)
            let composed = try TupleComposer(site).compose(
                site.tuple(named: "a-base-x-default-web"))
            let series = try RecordFixture.series("a-base-x-default-web")
            let result = BuildResult(
                build: .make(), status: .success, series: series, commit: composed.commit,
                tree: composed.tree, flavour: "f1", chost: "c", stage: composed.stage.digest,
                engine: "local", duration: 1, failure: nil, unsandboxed: [],
                tagger: TemporaryRepository.signature)
            var gone: [String] = []
            switch change {
            case .nothing: break
            case .portageGone: gone = ["portage/base-x"]
            case .buildhooksGone: gone = ["buildhooks/default"]
            case .siteGone: gone = ["main"]
            case .allGone: gone = ["main", "portage/base-x", "buildhooks/default"]
            case .stageRemoved:
                fixture["main", "config/stages"] = "other /srv/other.tar\n"
                try fixture.commit(to: temporary)
            case .cpuRenamed:
                fixture["main", "config/cpu/b"] = fixture["main", "config/cpu/a"]
                fixture["main", "config/cpu/a"] = nil
                try fixture.commit(to: temporary)
            }
            for branch in gone { try repository.delete(RefName.branch(branch)) }

            let recorded = try RecordedSite(
                of: result, in: repository, remote: nil, state: nil)
            #expect(recorded.commit.commit == composed.commit)
            // If both branches are gone, the parts of the tuple cannot be told apart.
            #expect(recorded.commit.tuple == composed.tuple || change == .allGone)
            #expect(recorded.commit.tuple.text == composed.tuple.text)
            #expect(recorded.commit.tuple.packages == composed.tuple.packages)
            #expect(recorded.commit.stage == composed.stage)
            #expect(recorded.commit.repositories == composed.repositories)
            #expect(recorded.site.stages.map(\.name) == [composed.stage.name])
            #expect(recorded.site.repositories.count == 1)
        }
    }
}
