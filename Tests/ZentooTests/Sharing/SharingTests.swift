import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Two repositories that recorded builds independently, and their records after
/// git transfers them from one to the other.
@Suite struct SharingTests {
    /// A repository with the other one as a remote.
    private struct Side {
        let fixture: RecordFixture
        var shared: SharedRepository {
            SharedRepository(git: fixture.files.git, place: fixture.files.path)
        }

        func record(_ build: FinishedBuild) async throws -> RecordedBuild {
            try await Recorder(fixture.repository).record(build)
        }

        func merge(
            _ remote: String, signer: TagSigner? = nil, fetch: () async throws -> Void = {}
        ) async throws -> RecordMerge.Report {
            try await RecordMerge(
                fixture.repository, signer: signer, identity: TemporaryRepository.signature
            ).run(remote, fetch: fetch)
        }

        func update(_ remote: String, signer: TagSigner? = nil) async throws -> RecordMerge.Report {
            try await merge(remote, signer: signer) { try await shared.fetch(remote) }
        }

        func push(_ remote: String) async throws {
            try await fixture.files.git(
                "push", "--quiet", remote, "refs/notes/zentoo", "refs/tags/zentoo*",
                "refs/zentoo/failed*")
        }

        /// Returns the names and objects of all tags and kept failures.
        func tags() async throws -> String {
            try await fixture.files.git("for-each-ref", "refs/tags/", "refs/zentoo/failed/")
        }

        func lines() throws -> [RecordLine] {
            try fixture.repository.notes(.notes("zentoo")).flatMap {
                RecordLine.lines(in: try fixture.repository.blob($0.blob))
            }.sorted()
        }
    }

    /// Runs `body` with two repositories of the same branches. Each has the other
    /// as remote `other`, and a bare repository as remote `origin`.
    private func withTwo(_ body: (Side, Side) async throws -> Void) async throws {
        try await TemporaryRepository.with(bare: true) { server in
            try await RecordFixture.with { one in
                try await RecordFixture.with { two in
                    let sides = (Side(fixture: one), Side(fixture: two))
                    for (side, other) in [(sides.0, two), (sides.1, one)] {
                        _ = try side.fixture.tupleCommit()
                        try await side.shared.add("origin", address: server.path.string)
                        try await side.shared.add("other", address: other.files.path.string)
                    }
                    try await one.files.git("push", "--quiet", "origin", "refs/heads/*")
                    try await body(sides.0, sides.1)
                }
            }
        }
    }

    private func expectTheSame(_ one: Side, _ two: Side) async throws {
        let tags = (try await one.tags(), try await two.tags())
        #expect(tags.0 == tags.1)
        let lines = (try one.lines(), try two.lines())
        #expect(lines.0 == lines.1)
        let site = try ZentooName("main")
        let readers = [one, two].map(\.fixture)
        let answers = try readers.map { fixture in
            let reader = try ResultReader(fixture.files.open())
            return (
                try reader.log(site: site), try reader.latest(of: RecordFixture.series()),
                try reader.whence.origins(of: #require(CPV("sys-apps/sed-4.9")))
            )
        }
        #expect(answers[0].0 == answers[1].0)
        #expect(answers[0].0.allSatisfy { ($0.result.status == .success) == ($0.tag != nil) })
        #expect(answers[0].1 == answers[1].1)
        #expect(answers[0].2 == answers[1].2)
        for fixture in readers {
            let complaints = try await fixture.files.git.checkIntegrity(
                gitDirectory: fixture.files.gitDirectory)
            #expect(complaints == [])
        }
    }

    @Test func clashingTagOfOursIsRenumbered() async throws {
        try await withTwo { one, two in
            // The older build gets the later number, so that the newest build does not
            // have the highest number.
            let theirs = try two.fixture.build(at: 2_000_000)
            let ours = try one.fixture.build(at: 1_000_000)
            _ = try await two.record(theirs)
            _ = try await one.record(ours)
            try await two.push("origin")

            // A failure is identified by its commit and needs no number.
            _ = try await one.record(one.fixture.build(at: 500_000, status: .failure))

            let prefix = "zentoo/main/\(RecordFixture.tuple)/"
            let report = try await one.update("origin")
            #expect(report.adopted == [prefix + "1"])
            #expect(
                report.renumbered == [
                    .init(build: ours.result.build, old: prefix + "1", new: prefix + "2")
                ])
            #expect(report.obstacles == [])
            let latest = try ResultReader(one.fixture.repository).latest(
                of: RecordFixture.series())
            #expect(latest == BuildEntry(result: theirs.result, tag: prefix + "1"))
            let pointed = try one.fixture.repository.resolve(
                RefName("refs/zentoo/latest/main/\(RecordFixture.tuple)"))
            #expect(try pointed == one.fixture.repository.resolve(.tag(prefix + "1")))

            try await one.push("origin")
            let answer = try await two.update("origin")
            #expect(answer.adopted == [prefix + "2"])
            #expect(answer.renumbered == [])
            try await expectTheSame(one, two)
            #expect(try await one.update("origin").isUpToDate)
            #expect(try await two.update("origin").isUpToDate)

            // The next build is numbered after all of them.
            let next = try one.fixture.build(at: 3_000_000)
            #expect(try await one.record(next).number == 3)
        }
    }

    @Test func pruningDeletesNoResults() async throws {
        try await withTwo { one, two in
            for key in ["fetch.prune", "fetch.pruneTags", "remote.origin.prune"] {
                try await one.fixture.files.git("config", key, "true")
            }
            _ = try await two.record(two.fixture.build(at: 2_000_000))
            try await two.push("origin")
            _ = try await one.record(one.fixture.build(at: 1_000_000))
            _ = try await one.record(one.fixture.build(at: 3_000_000))
            let kept = try await one.tags()
            // As a user types it, before and after our own fetch.
            try await one.fixture.files.git("fetch", "--quiet", "origin")
            #expect(try await one.tags() == kept)
            _ = try await one.update("origin")
            try await one.fixture.files.git("fetch", "--quiet", "origin")
            let numbers = try await one.fixture.files.git("tag", "--list", "zentoo/*")
            #expect(numbers.split(separator: "\n").count == 3)
        }
    }

    @Test func failedFetchIsReported() async throws {
        try await withTwo { one, _ in
            try await one.fixture.files.git(
                "config", "remote.origin.url", "/nonexistent/repository")
            let error = await #expect(throws: ZentooError.self) {
                try await one.update("origin")
            }
            #expect(error?.message.contains("/nonexistent/repository") == true)
        }
    }

    @Test func mutualRenumberingConverges() async throws {
        try await withTwo { one, two in
            for (index, side) in [one, two].enumerated() {
                for build in 0..<2 {
                    _ = try await side.record(
                        side.fixture.build(at: Int64(1_000_000 * (build + 1) + index)))
                }
            }
            try await one.shared.fetch("other")
            try await two.shared.fetch("other")
            _ = try await one.merge("other")
            _ = try await two.merge("other")
            _ = try await one.update("other")
            #expect(try await two.update("other").renumbered == [])
            try await expectTheSame(one, two)
            #expect(try one.fixture.tagNames().count == 4)
        }
    }

    @Test func renumberedTagIsSignedAgain() async throws {
        try await withTwo { one, two in
            _ = try await two.record(two.fixture.build(at: 2_000_000))
            _ = try await one.record(one.fixture.build(at: 1_000_000))
            let script = try one.fixture.script(
                "echo '[GNUPG:] SIG_CREATED ' >&2; echo '-----BEGIN PGP SIGNATURE-----'")
            let signer = try TagSigner(
                configuration: Configuration(
                    listing: Array("gpg.program\n\(script)\0".utf8), homeDirectory: nil),
                git: one.fixture.files.git)
            let report = try await one.update("other", signer: signer)
            let name = try #require(report.renumbered.first?.new)
            let id = try #require(try one.fixture.repository.resolve(.tag(name)))
            let tag = try #require(try one.fixture.repository.tag(id))
            #expect(tag.name == name)
            #expect(tag.signature?.hasPrefix("-----BEGIN PGP SIGNATURE-----") == true)
        }
    }

    @Test(arguments: [SharedRepository.Kind.standard, .bare, .mirror])
    func cloneGivesSameAnswers(_ kind: SharedRepository.Kind) async throws {
        try await RecordFixture.with { fixture in
            let side = Side(fixture: fixture)
            let failed = try fixture.build(at: 1_000_000, status: .failure)
            _ = try await side.record(failed)
            _ = try await side.record(fixture.build(at: 2_000_000))
            let place = fixture.files.root.appending("clone")
            _ = try await SharedRepository.clone(
                fixture.files.path.string, to: place, as: kind, from: "/",
                git: fixture.files.git)
            let clone = try Repository.open(place)
            func expectTheSame() throws {
                let site = try ZentooName("main")
                let (ours, theirs) = (
                    try ResultReader(fixture.repository), try ResultReader(clone)
                )
                #expect(try theirs.log(site: site) == ours.log(site: site))
                #expect(try theirs.log(site: site).count == 2)
                let series = try RecordFixture.series()
                #expect(try theirs.latest(of: series) == ours.latest(of: series))
                #expect(try theirs.latest(of: series)?.tag != nil)
                let cpv = try #require(CPV("sys-apps/sed-4.9"))
                #expect(try theirs.whence.origins(of: cpv) == ours.whence.origins(of: cpv))
            }
            try expectTheSame()
            // A plain fetch gets the records made later; no merge is needed.
            _ = try await side.record(fixture.build(at: 3_000_000, status: .failure))
            try await fixture.files.git.run(
                ["fetch", "--quiet"], gitDirectory: clone.gitDirectory)
            let site = try ZentooName("main")
            #expect(try ResultReader(clone).log(site: site).count == 3)
            let complaints = try await fixture.files.git.checkIntegrity(
                gitDirectory: clone.gitDirectory)
            #expect(complaints == [])
        }
    }

    @Test func emptyRepositoryIsCloned() async throws {
        try await TemporaryRepository.with(bare: true) { server in
            let place = server.root.appending("clone")
            _ = try await SharedRepository.clone(
                server.path.string, to: place, as: .standard, from: "/", git: server.git)
            let merge = RecordMerge(
                try Repository.open(place), signer: nil, identity: TemporaryRepository.signature)
            #expect(try await merge.run("origin").isUpToDate)
        }
    }
}
