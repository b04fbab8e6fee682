@testable import Builds
import Git
@testable import Records
@testable import Sites
import TestSupport
import Testing

/// Why a tuple would be built.
struct WhyTests {
    @Test func upToDateTupleIsKnown() async throws {
        try await RecordFixture.with { fixture in
            let series = try RecordFixture.series()
            let commit = try fixture.tupleCommit()
            let before = try ResultReader(fixture.repository).why(series, commit: commit)
            #expect(!before.isUpToDate)
            #expect(before.latest == nil)

            var live = try RecordFixture.package("dev-vcs/tool-9999")
            live.isLive = true
            let build = try fixture.build(commit: commit, packages: [live])
            _ = try await Recorder(fixture.repository).record(build)
            let reader = try ResultReader(fixture.repository)
            let withLive = try reader.why(series, commit: commit)
            #expect(!withLive.isUpToDate)
            #expect(withLive.live == [live.cpv])
            #expect(try reader.why(series, commit: commit, liveCounts: false).isUpToDate)
            let missing = try reader.why(series, commit: commit, liveCounts: false) { _ in true }
            #expect(!missing.isUpToDate)
            #expect(missing.missing == [live.path])

            let other = try RecordFixture.series(site: "branch")
            let stampable = try reader.why(
                other, commit: try fixture.tupleCommit(site: "branch"))
            #expect(!stampable.isUpToDate)
            #expect(stampable.builtBefore == build.result)
        }
    }

    @Test func commitOfChangedInputIsNamed() async throws {
        try await RecordFixture.with { fixture in
            let series = try RecordFixture.series()
            let old = try fixture.tupleCommit(flags: "-O2")
            _ = try await Recorder(fixture.repository).record(try fixture.build(commit: old))
            _ = try await Recorder(fixture.repository).record(
                try fixture.build(at: 1_795_476_000, commit: old, status: .failure))
            try fixture.files.commit(
                files: ["file": "x", "unrelated": "x"], on: "portage/base", message: "unrelated")
            let cause = try fixture.files.commit(
                files: ["make.conf": "x", "unrelated": "x", "file": "x"], on: "portage/base",
                message: "faster")
            let new = try fixture.tupleCommit(flags: "-O3")
            let status = try ResultReader(fixture.repository).why(series, commit: new)
            #expect(!status.isUpToDate)
            #expect(status.failedSince?.result.status == .failure)
            #expect(status.changes.map(\.change.path) == ["etc/portage/make.conf/50-make.conf"])
            #expect(status.changes[0].commits.map(\.id) == [cause])
            #expect(status.changes[0].commits.map(\.subject) == ["faster"])
        }
    }

    @Test(
        arguments: [
            ("etc/portage/package.use/a", ["package.use/a"]),
            ("etc/portage/make.conf/10-znver3", ["config/cpu/znver3"]),
            ("etc/portage/make.conf/50-local", ["make.conf/local"]),
            ("etc/portage/make.conf/90-zentoo", []),
            ("etc/portage/sets/router", ["sets/router", "config/portage/sets/router"]),
            ("buildhooks/copy/etc/motd", ["copy/etc/motd"]),
            ("options", ["config/tuples"]), ("tuple", []), ("format", []),
        ])
    func sourcesOfFilesAreFound(_ row: (String, [String])) {
        #expect(InputPath.sources(of: row.0) == row.1)
    }

    @Test func packagesAreExplained() throws {
        let recorded = try RecordFixture.package("sys-apps/sed-4.9", use: ["acl", "nls"])
        func verdict(_ change: (inout PlannedPackage) -> Void) -> PackageVerdict {
            var planned = PlannedPackage(
                cpv: recorded.cpv, slot: recorded.slot, use: recorded.use, repository: "gentoo",
                ebuildDigest: recorded.ebuildDigest, chost: recorded.path.chost, flavour: "f1",
                isReused: false)
            change(&planned)
            return PackageVerdict(planned, recorded: [recorded])
        }
        func told(_ verdict: PackageVerdict) -> [String] {
            verdict.causes.map { "\($0.kind): \($0.before) -> \($0.after)" }
        }
        #expect(verdict { $0.isReused = true }.outcome == .reused)
        #expect(verdict { $0.isReused = true }.causes.isEmpty)
        #expect(told(verdict { _ in }) == ["dependencies:  -> "])
        #expect(told(verdict { $0.use = ["nls", "selinux"] }) == ["use: acl -> selinux"])
        #expect(told(verdict { $0.flavour = "f2" }) == ["flavour: f1 -> f2"])
        let edited = verdict {
            $0.isReused = true
            $0.ebuildDigest = RecordFixture.digest(8)
        }
        #expect(edited.outcome == .reused)
        #expect(edited.causes.map(\.kind) == [.ebuild])
        let upgraded = verdict {
            if let cpv = CPV("sys-apps/sed-4.10") { $0.cpv = cpv }
            $0.ebuildDigest = RecordFixture.digest(8)
        }
        #expect(told(upgraded) == ["version: 4.9 -> 4.10"])
        #expect(upgraded.outcome == .rebuilt)
        let new = verdict { if let cpv = CPV("sys-apps/grep-3") { $0.cpv = cpv } }
        #expect(new.outcome == .new)
        #expect(new.recorded == nil)
    }
}
