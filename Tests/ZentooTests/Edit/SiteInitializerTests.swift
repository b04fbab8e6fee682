@testable import Edits
import Exec
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

@Suite struct SiteInitializerTests {
    /// The skeleton that is installed.
    static let skeleton: FilePath = {
        var path = FilePath("\(#filePath)")
        for _ in 0..<4 { path.removeLastComponent() }
        return path.appending("config/site")
    }()

    private func initialize(
        _ temporary: TemporaryRepository, site: String = "main", remote: String? = nil
    ) async throws -> SiteInitializer.Result {
        try await SiteInitializer(
            SiteSkeleton(Self.skeleton), in: temporary.open(), git: temporary.git,
            identity: TemporaryRepository.signature, remote: remote
        ).run(site: ZentooName(site))
    }

    private func write(_ text: String, to path: String, of temporary: TemporaryRepository) throws {
        let file = temporary.path.appending(path)
        try Directory.create(file.removingLastComponent())
        try FileContent.write(Array(text.utf8), to: file)
    }

    @Test func newSiteLacksOnlyStageAndRevisions() async throws {
        try await TemporaryRepository.with { temporary in
            let result = try await initialize(temporary)
            #expect(result.branches.map(\.name) == ["buildhooks/default", "portage/base", "main"])
            #expect(result.kept == [])
            let site = try Site(ZentooName("main"), in: temporary.open(), remote: nil)
            #expect(
                try site.check().map { "\($0.message): \($0.hint ?? "")" } == [
                    "the site has no stage: add one with 'git zentoo stage add NAME PATH|URL'",
                    "repository 'gentoo' has no revision yet: pin it with 'git zentoo sync gentoo'",
                ])
            // The working tree matches the branch.
            #expect(try await temporary.git("status", "--porcelain", "--ignored") == "")
            #expect(try FileStatus.of(temporary.path.appending("config/tuples"))?.kind == .file)
            let modes = try await temporary.git("ls-tree", "-r", "buildhooks/default")
            #expect(modes.contains("100755 blob"))
            let profile = try await temporary.git("ls-tree", "portage/base", "make.profile")
            #expect(profile.hasPrefix("120000 blob"))
        }
    }

    @Test func secondInitChangesNothing() async throws {
        try await TemporaryRepository.with { temporary in
            _ = try await initialize(temporary)
            let before = try await temporary.git("for-each-ref")
            let configuration = try FileContent.read(temporary.gitDirectory.appending("config"))
            let result = try await initialize(temporary)
            #expect(result.branches == [])
            #expect(result.settings == [])
            #expect(result.kept == ["main"])
            #expect(try await temporary.git("for-each-ref") == before)
            #expect(
                try FileContent.read(temporary.gitDirectory.appending("config")) == configuration)
        }
    }

    @Test func deletedBranchIsNotRecreated() async throws {
        try await TemporaryRepository.with { temporary in
            _ = try await initialize(temporary)
            try await temporary.git("branch", "--quiet", "-D", "portage/base")
            #expect(try await initialize(temporary).branches == [])
        }
    }

    @Test func branchesOfRemoteAreNotCreated() async throws {
        try await SiteFixture().withSite { _, server in
            try await TemporaryRepository.with { client in
                try await client.git("remote", "add", "origin", "\(server.path)")
                try await client.git("fetch", "--quiet")
                let result = try await initialize(client, remote: "origin")
                #expect(result.branches == [])
                #expect(result.kept == ["main"])
                let other = try await initialize(client, site: "berlin", remote: "origin")
                #expect(other.branches.map(\.name) == ["berlin"])
                #expect(other.kept == ["origin/buildhooks/default", "origin/portage/base"])
            }
        }
    }

    @Test func branchOfRemoteMustBeMergedFirst() async throws {
        try await TemporaryRepository.with { server in
            try server.commit(files: ["README": "no site\n"])
            try await TemporaryRepository.with { client in
                try await client.git("remote", "add", "origin", "\(server.path)")
                try await client.git("fetch", "--quiet")
                let error = await #expect(throws: ZentooError.self) {
                    try await initialize(client, remote: "origin")
                }
                #expect(error?.hints == ["git merge origin/main"])
                try await client.git("merge", "--quiet", "origin/main")
                _ = try await initialize(client, remote: "origin")
                #expect(
                    try await client.git("rev-parse", "main^") == server.git("rev-parse", "main"))
            }
        }
    }

    @Test func bareRepositoryGetsSameTree() async throws {
        try await TemporaryRepository.with(bare: true) { temporary in
            let result = try await initialize(temporary)
            #expect(result.branches.count == 3)
            let bare = try await temporary.git("rev-parse", "main^{tree}")
            try await TemporaryRepository.with { other in
                _ = try await initialize(other)
                #expect(try await other.git("rev-parse", "main^{tree}") == bare)
            }
        }
    }

    @Test func existingFilesAndBranchesAreKept() async throws {
        try await TemporaryRepository.with { temporary in
            try temporary.commit(files: ["README.md": "mine\n", "src/a": "a\n"])
            try temporary.commit(files: ["make.conf": "USE=mine\n"], on: "portage/base")
            try await temporary.git("reset", "--hard", "--quiet")
            let mine = try await temporary.git("rev-parse", "portage/base")
            let result = try await initialize(temporary)
            #expect(result.branches.map(\.name) == ["buildhooks/default", "main"])
            #expect(result.kept == ["portage/base"])
            #expect(try await temporary.git("rev-parse", "portage/base") == mine)
            #expect(try await temporary.git("show", "main:README.md") == "mine")
            #expect(try await temporary.git("show", "main:src/a") == "a")
            #expect(try await temporary.git("rev-list", "--count", "main") == "2")
            #expect(try await temporary.git("status", "--porcelain") == "")
        }
    }

    @Test func untrackedFilesAreNotOverwritten() async throws {
        try await TemporaryRepository.with { temporary in
            try write("mine\n", to: "config/tuples", of: temporary)
            try write("mine\n", to: "README.md", of: temporary)
            let error = await #expect(throws: ZentooError.self) { try await initialize(temporary) }
            #expect(error?.message == "files are in the way: 'README.md', 'config/tuples'")
            #expect(try await temporary.git("for-each-ref") == "")
            let kept = try FileContent.read(temporary.path.appending("config/tuples"))
            #expect(kept == Array("mine\n".utf8))
        }
    }

    @Test func secondSiteIsAddedToSetting() async throws {
        try await TemporaryRepository.with { temporary in
            _ = try await initialize(temporary)
            #expect(try await temporary.git.configured("zentoo.site", temporary) == [])
            let result = try await initialize(temporary, site: "berlin")
            #expect(result.branches.map(\.name) == ["berlin"])
            #expect(
                try await temporary.git.configured("zentoo.site", temporary) == ["main", "berlin"])
            _ = try await initialize(temporary, site: "berlin")
            #expect(
                try await temporary.git.configured("zentoo.site", temporary) == ["main", "berlin"])
        }
    }

    @Test func settingsAreAddedToExistingOnes() async throws {
        try await TemporaryRepository.with { temporary in
            try await temporary.git("config", "notes.displayRef", "refs/notes/review")
            try await temporary.git("remote", "add", "origin", "/srv/site.git")
            _ = try await initialize(temporary)
            #expect(
                try await temporary.git.configured("notes.displayRef", temporary)
                    == ["refs/notes/review", "refs/notes/zentoo*"])
            #expect(
                try await temporary.git.configured("remote.origin.fetch", temporary) == [
                    "+refs/heads/*:refs/remotes/origin/*",
                    "+refs/notes/zentoo*:refs/notes/origin/zentoo*",
                    "+refs/tags/zentoo*:refs/zentoo/remotes/origin/tags/zentoo*",
                    "+refs/zentoo/latest/*:refs/zentoo/remotes/origin/latest/*",
                    "+refs/zentoo/failed*:refs/zentoo/remotes/origin/failed*",
                ])
        }
    }

    @Test func fetchGetsRecordsAndAllowsMissingOnes() async throws {
        try await TemporaryRepository.with { server in
            _ = try await initialize(server)
            try await TemporaryRepository.with { client in
                try await client.git("remote", "add", "origin", "\(server.path)")
                for setting in RepositorySettings.fetching(from: "origin") {
                    try await client.git("config", "--add", setting.key, setting.value)
                }
                try await client.git("fetch", "--quiet")
                try await server.git("notes", "--ref=zentoo", "add", "-m", "made", "main")
                try await server.git("tag", "zentoo/main/a-b-c-d/1", "main")
                try await server.git("update-ref", "refs/zentoo/latest/main/a-b-c-d", "main")
                try await client.git("fetch", "--quiet")
                let names = try await client.git("for-each-ref", "--format=%(refname)")
                #expect(
                    names.split(separator: "\n").filter { $0.contains("zentoo") } == [
                        "refs/notes/origin/zentoo", "refs/tags/zentoo/main/a-b-c-d/1",
                        "refs/zentoo/remotes/origin/latest/main/a-b-c-d",
                        "refs/zentoo/remotes/origin/tags/zentoo/main/a-b-c-d/1",
                    ])
            }
        }
    }
}

extension GitProgram {
    /// Returns the repository's values of a setting.
    fileprivate func configured(
        _ key: String, _ temporary: TemporaryRepository
    ) async throws -> [String] {
        try await configuration(gitDirectory: temporary.gitDirectory).strings(key)
    }
}
