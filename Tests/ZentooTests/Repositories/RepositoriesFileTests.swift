@testable import Builds
@testable import Sites
import SystemPackage
import Testing

@Suite struct RepositoriesFileTests {
    @Test func linesAreParsed() {
        let file = RepositoriesFile.parse(
            Array(
                """
                gentoo https://example.org/gentoo.git stable # the mirror
                ssh git@example.org:overlay
                local /srv/overlay
                branch /srv/overlay topic/x
                file file:///srv/overlay
                """.utf8))
        #expect(file.mistakes.isEmpty)
        #expect(
            file.entries.map(\.source) == [
                .git("https://example.org/gentoo.git", branch: "stable"),
                .git("git@example.org:overlay", branch: nil),
                .directory("/srv/overlay"),
                .git("/srv/overlay", branch: "topic/x"),
                .git("file:///srv/overlay", branch: nil),
            ])
        #expect(file.entries.map(\.line) == [1, 2, 3, 4, 5])
    }

    @Test func mistakesAreReportedWithLine() {
        let file = RepositoriesFile.parse(
            Array(
                """
                gentoo /a
                Bad /a
                alone
                gentoo /b
                relative overlay
                option --upload-pack=x
                program ext::sh
                scheme ftp://example.org/x
                branch /a -x
                """.utf8), ref: "main")
        #expect(file.entries.map(\.name.text) == ["gentoo"])
        #expect(
            file.mistakes.map { "\($0.place): \($0.message)" } == [
                "main:config/repos:2: 'Bad' is not a valid name",
                "main:config/repos:3: expected a name, a source and at most a branch",
                "main:config/repos:4: repository 'gentoo' is already on line 1",
                "main:config/repos:5: 'overlay' is a relative path",
                "main:config/repos:6: '--upload-pack=x' is not a valid source",
                "main:config/repos:7: 'ext::sh' names a helper program, not a repository",
                "main:config/repos:8: cannot fetch from 'ftp://example.org/x': "
                    + "unknown scheme 'ftp'",
                "main:config/repos:9: '-x' is not a valid branch name",
            ])
    }

    @Test func layoutHasNameAndMasters() throws {
        func layout(_ name: String?, _ conf: String?) -> RepositoryLayout {
            RepositoryLayout(
                repoName: name.map { Array($0.utf8) }, layoutConf: conf.map { Array($0.utf8) })
        }
        let name = try ZentooName("local")
        let full = layout("local\n", "# a comment\nmasters =  gentoo  other # two\nx = y = z\n")
        #expect(try full.masters(of: name, at: "/x").map(\.text) == ["gentoo", "other"])
        #expect(try layout("local", nil).masters(of: name, at: "/x").isEmpty)
        #expect(try layout("local", "masters =\r\n").masters(of: name, at: "/x").isEmpty)
        #expect(layout("old\n", "repo-name = new\n").name == "new")
        for wrong in [layout(nil, nil), layout("local", "masters = ../x"), layout("Local", nil)] {
            #expect(throws: RepositoryError.self) { try wrong.masters(of: name, at: "/x") }
        }
    }

    @Test func revisionIsCommitOrContentDigest() {
        let digits = String(repeating: "a", count: 40)
        let digest = String(repeating: "b", count: 64)
        for text in [digits, "sha256:\(digest)"] {
            let revision = RepositoryRevision(text)
            #expect(revision?.description == text)
            #expect(revision.flatMap { RepositoryRevision(fileName: $0.fileName) } == revision)
        }
        for text in ["", digest, digits.uppercased(), "sha256:\(digits)", "../\(digits)"] {
            #expect(RepositoryRevision(text) == nil)
        }
    }
}
