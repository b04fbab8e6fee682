@testable import Builds
import Engines
import Exec
import Files
import Git
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// The stages of a machine and their users.
struct StageSurveyTests {
    private func site(_ name: String, _ files: TemporaryRepository) throws -> Site {
        try Site(ZentooName(name), in: files.open(), remote: nil)
    }

    private func survey(
        _ files: TemporaryRepository, others: [String] = []
    ) throws -> StageSurvey {
        let state = StateDirectory(path: files.root.appending("state"))
        return StageSurvey(
            try site("main", files), others: try others.map { try site($0, files) },
            store: StageStore(state: state.path, privileges: .ofTests), state: state)
    }

    private func machine(_ files: TemporaryRepository) -> Machine {
        Machine(
            repository: files.gitDirectory,
            state: StateDirectory(path: files.root.appending("state")), engine: FakeEngine(),
            privileges: .ofTests, remote: nil, identity: TemporaryRepository.signature,
            signer: nil, git: files.git, sources: [:], parallelism: 1)
    }

    /// Puts a stage into the store without unpacking one.
    private func store(_ name: String, _ digest: String, in files: TemporaryRepository) throws {
        let directory = files.root.appending("state/stages").appending(digest)
        try Directory.create(directory.appending("tree"))
        try FileContent.write(
            Array("name \(name)\nsource /x\nsha256 \(digest)\ntree \(digest)\n".utf8),
            to: directory.appending("stage"))
    }

    @Test func pinnedAndReplacedStagesAreListed() async throws {
        var fixture = SiteFixture()
        fixture["main", "config/stages"] = "openrc /srv/openrc.tar\nmusl /srv/musl.tar\n"
        fixture["main", "config/tuples"] = "*-*-*-* stage=openrc\na-base-default-web\n"
        try await fixture.withSite { _, files in
            let old = String(repeating: "a", count: 64)
            try store("openrc", SiteFixture.digest, in: files)
            try store("openrc", old, in: files)
            let survey = try survey(files)
            let stages = try survey.list()
            #expect(stages.map(\.name) == ["openrc", "musl", "openrc"])
            #expect(stages.map(\.isListed) == [true, true, false])
            #expect(stages.map(\.isHere) == [true, false, true])
            #expect(stages.map(\.digest?.description) == [SiteFixture.digest, nil, old])
            #expect(stages.map(\.tuples) == [["a-base-default-web"], [], []])
            #expect(try survey.stage(named: "openrc") == stages[0])
            #expect(try survey.stage(named: "sha256:aaaaaa") == stages[2])
            for name in ["nothing", "aaaaa", "bbbbbb"] {
                let error = #expect(throws: ZentooError.self) { try survey.stage(named: name) }
                #expect(error?.code == .notFound, "\(name)")
            }
        }
    }

    @Test func usersOfStageAreFound() async throws {
        var fixture = SiteFixture()
        let main = try #require(fixture.branches["main"])
        fixture.branches["lab"] = main
        fixture["lab", "config/stages"] = "base /srv/stage3.tar.xz\n"
        fixture["lab", "config/zentoo.lock"] = .file("stage base sha256:\(SiteFixture.digest)\n")
        fixture.branches["root/play"] = ["stage": .file("openrc sha256:\(SiteFixture.digest)\n")]
        try await fixture.withSite { _, files in
            let survey = try survey(files, others: ["lab"])
            let kept = files.root.appending("state/jobs/some-build")
            try Directory.create(kept)
            try FileContent.write(
                Array(SiteFixture.digest.utf8), to: kept.appending("kept"))
            try FileContent.write([], to: files.root.appending("state/jobs/.lock"))
            let stage = try survey.stage(named: "openrc")
            #expect(
                try survey.users(of: stage) == [
                    "branch 'root/play'", "the kept root 'some-build'",
                    "tuple 'a-base-default-web' of lab", "tuple 'a-base-default-web' of main",
                ])
        }
    }

    @Test func removalIsOneCommit() async throws {
        var fixture = SiteFixture()
        fixture["main", "config/stages"] = "# ours\nopenrc /srv/openrc.tar\nmusl /srv/musl.tar\n"
        try await fixture.withSite { site, files in
            let machine = machine(files)
            // No working tree has the branch checked out.
            try await files.git("symbolic-ref", "HEAD", "refs/heads/elsewhere")
            let editor = SiteEditor(site, machine: machine)
            #expect(try await editor.removeStage(ZentooName("openrc")))
            let after = try self.site("main", files)
            #expect(try files.open().commit(after.commit).parents == [site.commit])
            #expect(after.lock.stages.isEmpty)
            #expect(after.lock.repositories == site.lock.repositories)
            let text = try await files.git("show", "main:config/stages")
            #expect(text == "# ours\nmusl /srv/musl.tar")
            #expect(try await !SiteEditor(after, machine: machine).removeStage(ZentooName("x")))
        }
    }

    @Test func bootstrappedStageKeepsLineAndGetsNewPin() async throws {
        var fixture = SiteFixture()
        fixture["main", "config/stages"] = "openrc /srv/openrc.tar\n# more\n"
        try await fixture.withSite { site, files in
            try await files.git("symbolic-ref", "HEAD", "refs/heads/elsewhere")
            let (machine, name) = (machine(files), try ZentooName("a-base"))
            func set(_ digest: SHA256Digest, _ tuple: String) async throws -> Bool {
                try await SiteEditor(try self.site("main", files), machine: machine)
                    .setBootstrapped(name, digest, of: tuple)
            }
            let digests = [RecordFixture.digest(1), RecordFixture.digest(2)]
            #expect(try await set(digests[0], "a-base-default-web"))
            #expect(try await !set(digests[0], "a-base-default-web"))
            #expect(try await set(digests[1], "a-base-default-web"))
            #expect(
                try await files.git("show", "main:config/stages")
                    == "openrc /srv/openrc.tar\n# more\na-base pool:a-base-default-web")
            #expect(try await set(digests[1], "a-base-default-other"))
            let after = try self.site("main", files)
            #expect(after.stages.last?.source == .pool(tuple: "a-base-default-other"))
            #expect(after.lock.stages[name]?.digest == digests[1])
            #expect(try await files.git("rev-list", "--count", "main") == "4")

            let openrc = try ZentooName("openrc")
            let error = await #expect(throws: ZentooError.self) {
                try await SiteEditor(after, machine: machine)
                    .setBootstrapped(openrc, digests[0], of: "a-base-default-web")
            }
            #expect(error?.code == .exists)
            #expect(error?.hints.isEmpty == false)
            #expect(try self.site("main", files).commit == after.commit)
        }
    }

    @Test func stageInPoolIsFoundByDigest() async throws {
        var fixture = SiteFixture()
        fixture["main", "config/stages"] = "openrc pool:a-base-default-web\n"
        try await fixture.withSite { site, files in
            let machine = machine(files)
            let entry = try #require(site.stages.first)
            let digest = try #require(SHA256Digest(SiteFixture.digest))
            for pinned in [digest, nil] {
                let error = #expect(throws: StageError.self) {
                    try entry.source.located(for: entry.name, pinned, on: machine)
                }
                #expect(error?.code == .notFound)
                #expect(
                    error?.hints.last
                        == "make it with 'git zentoo bootstrap a-base-default-web --name openrc'")
            }
            #expect(try survey(files).list().map(\.isInPool) == [false])
            let archive = machine.state.archive(of: digest)
            try Directory.create(archive.removingLastComponent())
            try FileContent.write([], to: archive)
            #expect(
                try entry.source.located(for: entry.name, digest, on: machine) == .path(archive))
            #expect(try survey(files).list().map(\.isInPool) == [true])
            var other = machine
            other.sources["openrc"] = "/srv/copy.tar.zst"
            #expect(
                try entry.source.located(for: entry.name, digest, on: other)
                    == .path("/srv/copy.tar.zst"))
        }
    }
}
