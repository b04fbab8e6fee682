@testable import Builds
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// When a stage has to be bootstrapped, and what its name is.
struct BootstrapHistoryTests {
    private static let tuple = "a-base-default-web"

    /// A site with the record of one bootstrapped stage; no bootstrap is run.
    private struct Workbench {
        let files: TemporaryRepository
        let state: StateDirectory
        let result: BuildResult

        func site() throws -> Site {
            try Site(ZentooName("main"), in: files.open(), remote: nil, state: state)
        }

        func commit() throws -> TupleCommit {
            let site = try site()
            return try TupleComposer(site).compose(site.tuple(named: tuple))
        }

        func isDue(_ live: TupleOptions.Live? = nil) throws -> Bool {
            let history = BootstrapHistory(
                repository: try files.open(), series: result.series, state: state)
            if case .due = try history.standing(of: commit(), live: live) { return true }
            return false
        }

        /// Commits another version of the site.
        func change(_ fixture: SiteFixture) throws { try fixture.commit(to: files) }
    }

    private func with(
        _ fixture: SiteFixture = SiteFixture(), packages: [RecordedPackage] = [],
        _ body: (Workbench) async throws -> Void
    ) async throws {
        try await fixture.withSite { site, files in
            let commit = try TupleComposer(site).compose(site.tuple(named: Self.tuple))
            let series = BuildSeries(
                site: site.name, tuple: commit.tuple, stage: try ZentooName("a-base"))
            let state = StateDirectory(path: files.root.appending("state"))
            let archive = BuildResult.Archive(sha256: RecordFixture.digest(9), size: 4)
            let place = state.archive(of: archive.sha256)
            try Directory.create(place.removingLastComponent())
            try FileContent.write([1, 2, 3, 4], to: place)
            let result = BuildResult(
                build: .make(), status: .success, series: series, commit: commit.commit,
                tree: commit.tree, flavour: "f1", chost: "x86_64-pc-linux-gnu",
                stage: commit.stage.digest, archive: archive, engine: "local", duration: 60,
                tagger: TemporaryRepository.signature)
            let build = FinishedBuild(result: result, packages: packages)
            _ = try await Recorder(site.repository).record(build)
            try await body(Workbench(files: files, state: state, result: build.result))
        }
    }

    @Test func stageOfSameInputsIsUpToDate() async throws {
        try await with { bench in
            #expect(try !bench.isDue())
            // Hooks apply to what is built over a stage, not to the stage.
            var fixture = SiteFixture()
            fixture["buildhooks/default", "services"] = "nginx\nsshd\n"
            try bench.change(fixture)
            #expect(try bench.commit().tree != bench.result.tree)
            #expect(try !bench.isDue())
            fixture["portage/base", "make.conf"] = "USE=\"ssl http2\"\n"
            try bench.change(fixture)
            #expect(try bench.isDue())
        }
    }

    @Test func tupleOnItsOwnStageIsUpToDate() async throws {
        try await with { bench in
            let made = try #require(bench.result.archive?.sha256)
            var fixture = SiteFixture()
            fixture["main", "config/stages"] = .file(
                "openrc /srv/stage3.tar.xz\na-base pool:\(Self.tuple)\n")
            func lock(_ digest: SHA256Digest) -> SiteFixture.Content {
                .file(
                    "stage openrc sha256:\(SiteFixture.digest)\nstage a-base sha256:\(digest)\n"
                        + "repository gentoo sha256:\(SiteFixture.digest)\n")
            }
            fixture["main", "config/zentoo.lock"] = lock(made)
            try bench.change(fixture)
            // Without the option the tuple stays on the stage from outside.
            #expect(try bench.commit().stage.digest == bench.result.stage)
            fixture["main", "config/tuples"] = .file("\(Self.tuple) stage=a-base\n")
            try bench.change(fixture)
            #expect(try bench.commit().stage.digest == made)
            #expect(try !bench.isDue())
            fixture["main", "config/zentoo.lock"] = lock(RecordFixture.digest(8))
            try bench.change(fixture)
            #expect(try bench.isDue())
        }
    }

    @Test func missingOrTruncatedArchiveIsDue() async throws {
        try await with { bench in
            let archive = bench.state.archive(of: try #require(bench.result.archive?.sha256))
            try FileContent.write([1, 2], to: archive)
            #expect(try bench.isDue())
            try FileContent.remove(archive)
            #expect(try bench.isDue())
        }
    }

    @Test func liveEbuildsAreDueUnlessKept() async throws {
        var package = try RecordFixture.package("app-misc/live-9999")
        package.isLive = true
        try await with(packages: [package]) { bench in
            let (rebuilt, kept) = (try bench.isDue(.rebuild), try bench.isDue(.keep))
            #expect(rebuilt)
            #expect(!kept)
        }
    }

    @Test func buildsAndBootstrapsOfOneTreeAreDistinct() async throws {
        try await with { bench in
            let commit = try bench.commit()
            let series = BuildSeries(site: bench.result.series.site, tuple: commit.tuple)
            let repository = try bench.files.open()
            func standing() throws -> BuildHistory.Standing {
                try BuildHistory(repository: repository, series: series, state: bench.state)
                    .standing(of: commit, live: nil)
            }
            guard case .due = try standing() else {
                Issue.record("a bootstrap passes for a build")
                return
            }
            var build = bench.result
            build.build = .make()
            build.series = series
            build.archive = nil
            _ = try await Recorder(repository).record(FinishedBuild(result: build, packages: []))
            guard case .upToDate(let found, _) = try standing() else {
                Issue.record("the build is not found")
                return
            }
            #expect(found.build == build.build)
            #expect(try !bench.isDue())
            try FileContent.remove(
                bench.state.archive(of: try #require(bench.result.archive?.sha256)))
            #expect(try bench.isDue())
        }
    }

    @Test func stageNameFollowsFlagsAndIsUnique() async throws {
        try await with { bench in
            func name() throws -> String {
                try Bootstrapper.name(for: bench.commit(), bench.site()).text
            }
            #expect(try name() == "a-base")
            var fixture = SiteFixture()
            func lines(_ one: String, _ other: String) -> String {
                "openrc /srv/stage3.tar.xz\na-base pool:\(one)\nmine pool:\(other)\n"
            }
            fixture["main", "config/zentoo.lock"] = .file(
                ["openrc", "a-base", "mine"]
                    .map { "stage \($0) sha256:\(SiteFixture.digest)\n" }.joined()
                    + "repository gentoo sha256:\(SiteFixture.digest)\n")
            fixture["main", "config/stages"] = .file(lines("a-base-default-other", Self.tuple))
            try bench.change(fixture)
            let error = #expect(throws: ZentooError.self) { try name() }
            #expect(error?.code == .exists)
            // Built on the stage that was bootstrapped from it, the tuple keeps that name.
            fixture["main", "config/tuples"] = .file("\(Self.tuple) stage=mine\n")
            try bench.change(fixture)
            #expect(try name() == "mine")
            fixture["main", "config/stages"] = .file(lines(Self.tuple, "a-base-default-other"))
            try bench.change(fixture)
            #expect(try name() == "a-base")
        }
    }
}
