import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Reading records.
struct ResultReaderTests {
    private static let site = "main"

    /// Records two successes of one tuple with a failure between them, and one
    /// build of another tuple.
    private static func record(
        in fixture: RecordFixture
    ) async throws -> [FinishedBuild] {
        let other = try RecordFixture.series("znver3-base-default-desktop")
        let builds = [
            try fixture.build(
                at: 1_000_000,
                packages: [
                    RecordFixture.package("sys-apps/sed-4.8"),
                    RecordFixture.package("app-shells/bash-5.2", use: ["nls"]),
                    RecordFixture.package("dev-lang/python-3.11.1", slot: "3.11"),
                    RecordFixture.package("sys-libs/zlib-1.3"),
                ]),
            try fixture.build(at: 2_000_000, status: .failure, packages: []),
            try fixture.build(at: 3_000_000, series: other, packages: []),
            try fixture.build(
                at: 4_000_000, commit: fixture.tupleCommit(flags: "-O3"),
                packages: [
                    RecordFixture.package("sys-apps/sed-4.10"),
                    RecordFixture.package("app-shells/bash-5.2", number: 2, use: ["plugins"]),
                    RecordFixture.package("dev-lang/python-3.12.3", slot: "3.12"),
                    RecordFixture.package("sys-libs/zlib-1.3", number: 2),
                    RecordFixture.package("dev-lang/python-3.11.1", slot: "3.11"),
                ]),
        ]
        for build in builds { _ = try await Recorder(fixture.repository).record(build) }
        return builds
    }

    @Test func logIsNewestFirstWithFailures() async throws {
        try await RecordFixture.with { fixture in
            let builds = try await Self.record(in: fixture)
            let reader = try ResultReader(fixture.repository)
            let site = try ZentooName(Self.site)
            let all = try reader.log(site: site)
            #expect(all.map(\.result) == builds.map(\.result).reversed())
            let tuple = "zentoo/main/\(RecordFixture.tuple)"
            #expect(
                all.map(\.tag) == [
                    "\(tuple)/2", "zentoo/main/znver3-base-default-desktop/1", nil, "\(tuple)/1",
                ])
            #expect(try reader.log(site: site, limit: 2) == Array(all.prefix(2)))
            let one = try reader.log(site: site, tuple: RecordFixture.tuple)
            #expect(one == [all[0], all[2], all[3]])
            #expect(try reader.log(site: site, tuple: "no-such-tu-ple").isEmpty)
            #expect(try reader.log(site: try ZentooName("other")).isEmpty)
        }
    }

    @Test func buildsAreFoundByEveryName() async throws {
        try await RecordFixture.with { fixture in
            let builds = try await Self.record(in: fixture)
            let reader = try ResultReader(fixture.repository)
            let site = try ZentooName(Self.site)
            let first = builds[0].result
            let tag = "zentoo/main/\(RecordFixture.tuple)/1"
            for name in [
                "\(first.build)", "19700112T134640", tag, "refs/tags/\(tag)",
                "\(RecordFixture.tuple)@1",
            ] {
                let entry = try reader.build(name, site: site)
                #expect(entry == BuildEntry(result: first, tag: tag), "\(name)")
            }
            #expect(try reader.build(RecordFixture.tuple, site: site).result == builds[3].result)
            #expect(try reader.build("\(builds[1].result.build)", site: site).tag == nil)
            let ambiguous = #expect(throws: ZentooError.self) {
                try reader.build("1970", site: site)
            }
            #expect(ambiguous?.code == .ambiguous)
            #expect(ambiguous?.hints.count == 4)
            for name in ["nothing", "1999", "\(RecordFixture.tuple)@3", "../x", "", "a..b", "-"] {
                let error = #expect(throws: ZentooError.self) {
                    try reader.build(name, site: site)
                }
                #expect(error?.code == .notFound, "\(name)")
            }
        }
    }

    @Test func differenceOfBuildsIsReported() async throws {
        try await RecordFixture.with { fixture in
            _ = try await Self.record(in: fixture)
            let reader = try ResultReader(fixture.repository)
            let site = try ZentooName(Self.site)
            let difference = try reader.difference(
                from: try reader.build("\(RecordFixture.tuple)@1", site: site),
                to: try reader.build("\(RecordFixture.tuple)@2", site: site))
            #expect(difference.configuration?.map(\.status) == [.modified])
            #expect(
                difference.configuration?.map(\.path) == ["etc/portage/make.conf/50-make.conf"])
            let told = difference.packages.map { "\($0.kind) \($0.package):\($0.slot)" }
            #expect(
                told == [
                    "reconfigured app-shells/bash:0", "added dev-lang/python:3.12",
                    "upgraded sys-apps/sed:0", "rebuilt sys-libs/zlib:0",
                ])
            #expect(difference.packages[0].useAdded == ["plugins"])
            #expect(difference.packages[0].useRemoved == ["nls"])
            let back = try reader.difference(from: difference.after, to: difference.before)
            #expect(back.packages.map(\.kind) == [.reconfigured, .removed, .downgraded, .rebuilt])
        }
    }

    @Test func whenceFindsBuilds() async throws {
        try await RecordFixture.with { fixture in
            let builds = try await Self.record(in: fixture)
            let reader = try ResultReader(fixture.repository)
            let sed = builds[3].packages.first { $0.cpv.name == "sed" }
            let package = try #require(sed)
            let digest = package.sha256.description
            for question in [
                digest, String(digest.prefix(6)), "sys-apps/sed-4.10", "=sys-apps/sed-4.10",
                package.path.description,
            ] {
                let answer = try reader.whence(question)
                #expect(answer.origins.map(\.build) == [builds[3].result.build], "\(question)")
                #expect(answer.origins.map(\.cpv) == [package.cpv])
            }
            for question in ["sys-apps/sed", "sed"] {
                let versions = try reader.whence(question).origins.map(\.cpv.version.description)
                #expect(versions == ["4.8", "4.10"], "\(question)")
            }
            let none = #expect(throws: ZentooError.self) { try reader.whence("sys-apps/grep") }
            #expect(none?.code == .notFound)
            let invalid = #expect(throws: ZentooError.self) { try reader.whence("a b") }
            #expect(invalid?.code == .invalidName)
        }
    }

    @Test func answersAreSameInMirror() async throws {
        try await RecordFixture.with { fixture in
            let builds = try await Self.record(in: fixture)
            let copy = fixture.files.root.appending("mirror.git")
            try await fixture.files.git(
                "clone", "-q", "--mirror", fixture.files.path.string, copy.string)
            let site = try ZentooName(Self.site)
            let mirror = try Repository.open(copy)
            for branch in try mirror.references(under: "refs/heads/") {
                try mirror.delete(branch.name)
            }
            let here = try ResultReader(fixture.repository)
            let there = try ResultReader(mirror)
            #expect(try there.log(site: site) == here.log(site: site))
            for build in builds {
                let name = build.result.build.description
                let entry = try there.build(name, site: site)
                #expect(try there.report(of: entry) == here.report(of: entry))
                #expect(try there.packages(of: build.result) == build.packages)
            }
            #expect(try there.whence("sed") == here.whence("sed"))
            // Also if the index was not fetched.
            try mirror.delete(try RefName(Whence.referenceName))
            let without = try ResultReader(mirror)
            #expect(try without.log(site: site) == here.log(site: site))
            #expect(try without.whence("sed") == here.whence("sed"))
            #expect(
                try without.build("19700112T13", site: site)
                    == here.build("19700112T13", site: site))
        }
    }
}
