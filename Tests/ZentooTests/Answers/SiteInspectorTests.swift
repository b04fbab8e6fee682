import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// The status of a site, compared with the records and the pool.
struct SiteInspectorTests {
    private static let tuple = "a-base-default-web"

    private func inspector(
        _ files: TemporaryRepository, at path: FilePath? = nil
    ) throws -> SiteInspector {
        try SiteInspector(
            ZentooName("main"), remote: nil,
            state: StateDirectory(path: files.root.appending("state")),
            reader: ResultReader(Repository.open(path ?? files.path)))
    }

    /// Records a build of the tuple as it is composed now.
    @discardableResult
    private func record(
        _ files: TemporaryRepository, at seconds: Int64 = 1_795_472_310,
        status: BuildResult.Status = .success, packages: [RecordedPackage] = []
    ) async throws -> BuildResult {
        let repository = try files.open()
        let site = try Site(ZentooName("main"), in: repository, remote: nil)
        let composed = try TupleComposer(site).compose(site.tuple(named: Self.tuple))
        let result = BuildResult(
            build: .make(now: Timestamp(seconds: seconds)), status: status,
            series: BuildSeries(site: site.name, tuple: composed.tuple), commit: composed.commit,
            tree: composed.tree, flavour: "f1", chost: "x86_64-pc-linux-gnu",
            stage: composed.stage.digest, engine: "local", duration: 60,
            failure: status == .failure ? .init(phase: "compile", package: "cat/x-1") : nil,
            tagger: TemporaryRepository.signature.at(seconds: seconds + 60))
        let build = FinishedBuild(result: result, packages: packages)
        _ = try await Recorder(repository).record(build)
        return build.result
    }

    @Test func statusFollowsBuilds() async throws {
        try await SiteFixture().withSite { site, files in
            let before = try inspector(files).status()
            #expect(before.commit == site.commit)
            #expect(before.tuples.map(\.tuple) == [Self.tuple])
            #expect(before.tuples[0].latest == nil)
            #expect(before.tuples[0].status?.isUpToDate == false)
            #expect(!before.hasPool)

            let result = try await record(files)
            let after = try inspector(files).status().tuples[0]
            #expect(after.latest?.result == result)
            #expect(after.status?.isUpToDate == true)

            let failure = try await record(files, at: 1_795_476_000, status: .failure)
            let failed = try inspector(files).status().tuples[0]
            #expect(failed.latest?.result == result)
            #expect(failed.failedSince?.result == failure)
        }
    }

    @Test func missingPoolFilesAreReported() async throws {
        try await SiteFixture().withSite { _, files in
            let packages = try ["cat/here-1", "cat/short-1", "cat/gone-1"].map {
                try RecordFixture.package($0)
            }
            try await record(files, packages: packages)
            #expect(try inspector(files).status().tuples[0].status?.isUpToDate == true)
            let pool = files.root.appending("state/pool")
            for (package, size) in zip(packages, [1000, 999]) {
                let path = pool.appending(package.path.description)
                try Directory.create(path.removingLastComponent())
                try FileContent.write([UInt8](repeating: 0, count: size), to: path)
            }
            let status = try inspector(files).status()
            #expect(status.hasPool)
            let missing = status.tuples[0].status?.missing.map(\.cpv.name)
            #expect(missing?.sorted() == ["gone", "short"])
            #expect(status.tuples[0].status?.isUpToDate == false)
        }
    }

    @Test func changedInputsAreNamedWithBranch() async throws {
        var fixture = SiteFixture()
        try await fixture.withSite { _, files in
            try await record(files)
            fixture["main", "config/cpu/a"] = "COMMON_FLAGS=\"-O3\"\n"
            fixture["portage/base", "package.use/web"] = "www-servers/nginx -http2\n"
            fixture["main", "config/portage/sets/unused"] = "app-misc/other\n"
            try fixture.commit(to: files)
            let standing = try inspector(files).standing(of: Self.tuple)
            let changes = standing.status?.changes ?? []
            #expect(changes.map(\.input) == [.cpu, .portage])
            #expect(changes.map { $0.commits.map(\.branch) } == [["main"], ["portage/base"]])
            // The status of the whole site does not walk the history.
            let short = try inspector(files).status().tuples[0].status?.changes ?? []
            #expect(short.map(\.change) == changes.map(\.change))
            #expect(short.allSatisfy { $0.commits.isEmpty })
        }
    }

    @Test func mistakesAreReported() async throws {
        var fixture = SiteFixture()
        try await fixture.withSite { _, files in
            let result = try await record(files)
            fixture["main", "config/zentoo.lock"] = .file("")
            try fixture.commit(to: files)
            let standing = try inspector(files).standing(of: Self.tuple)
            #expect(standing.status == nil)
            #expect(standing.mistakes.map(\.file) == [SiteLock.path, SiteLock.path])
            #expect(standing.latest?.result == result)

            fixture["main", "config/cpu/a"] = nil
            try fixture.commit(to: files)
            let gone = try inspector(files).standing(of: Self.tuple)
            #expect(
                gone.mistakes.map(\.message) == [
                    "tuple '\(Self.tuple)' names no cpu ('\(Self.tuple)')"
                ])
            #expect(gone.latest?.result == result)
            let unknown = #expect(throws: ZentooError.self) {
                try inspector(files).standing(of: "a-base-default-nothing")
            }
            #expect(unknown?.code == .notFound)
        }
    }

    @Test func statusNeedsNoBranches() async throws {
        try await SiteFixture().withSite { _, files in
            let result = try await record(files)
            let copy = files.root.appending("mirror.git")
            try await files.git("clone", "-q", "--mirror", files.path.string, copy.string)
            let mirror = try Repository.open(copy)
            for branch in try mirror.references(under: "refs/heads/") {
                try mirror.delete(branch.name)
            }
            let status = try inspector(files, at: copy).status()
            #expect(status.commit == nil)
            #expect(status.tuples.map(\.tuple) == [Self.tuple])
            #expect(status.tuples[0].status == nil)
            #expect(status.tuples[0].latest?.result == result)
            let absent = #expect(throws: ZentooError.self) {
                try inspector(files, at: copy).standing(of: "a-base-default-nothing")
            }
            #expect(absent?.code == .notFound)
        }
    }

    @Test func runningBuildsAreReported() async throws {
        try await SiteFixture().withSite { site, files in
            let series = BuildSeries(site: site.name, tuple: try site.tuple(named: Self.tuple))
            let state = StateDirectory(path: files.root.appending("state"))
            let builds = [1_000_000, 2_000_000].map { BuildID.make(now: Timestamp(seconds: $0)) }
            for build in builds {
                try Recorder(files.open()).begin(build, of: series, commit: site.commit)
            }
            let underWay = try await BuildLife.during(builds[1], in: state) {
                #expect(try BuildLife.running(in: state) == [builds[1]])
                return try inspector(files).status().underWay
            }
            #expect(underWay.map(\.build) == builds)
            #expect(underWay.map(\.subject) == [Self.tuple, Self.tuple])
            #expect(underWay.map(\.runsHere) == [false, true])
        }
    }
}
