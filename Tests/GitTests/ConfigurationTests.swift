import Exec
import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct ConfigurationTests {
    private func parse(_ records: String...) -> Configuration {
        Configuration(
            listing: Array(records.map { $0 + "\0" }.joined().utf8), homeDirectory: "/home/a")
    }

    @Test func keysAreComparedAsGitDoes() throws {
        let configuration = parse(
            "zentoo.defaulttuple\na b\nc", "remote.Origin.x.url\nU", "a.bare", "a.x\n1", "a.x\n2")
        #expect(configuration.string("Zentoo.defaultTuple") == "a b\nc")
        #expect(configuration.string("REMOTE.Origin.x.URL") == "U")
        #expect(configuration.string("remote.origin.x.url") == nil)
        #expect(configuration.strings("a.x") == ["1", "2"])
        #expect(configuration.string("a.x") == "2")
        #expect(configuration.string("a.bare") == nil)
        #expect(configuration.subsections(of: "remote") == ["Origin.x"])
        #expect(
            configuration.keys == ["a.bare", "a.x", "remote.Origin.x.url", "zentoo.defaulttuple"])
    }

    @Test func valuesAreParsedByType() throws {
        let configuration = parse(
            "b.bare", "b.yes\nYes", "b.off\noff", "b.empty\n", "b.two\n2", "b.bad\nmaybe",
            "n.k\n2k", "n.minus\n-3", "n.huge\n9999999999999g", "p.home\n~/x", "p.other\n~b/x",
            "p.plain\n/x")
        #expect(try configuration.bool("b.bare") == true)
        #expect(try configuration.bool("b.yes") == true)
        #expect(try configuration.bool("b.off") == false)
        #expect(try configuration.bool("b.empty") == false)
        #expect(try configuration.bool("b.two") == true)
        #expect(try configuration.bool("b.none") == nil)
        let error = #expect(throws: GitError.self) { try configuration.bool("b.bad") }
        #expect(error?.message == "bad boolean config value 'maybe' for 'b.bad'")
        #expect(try configuration.int("n.k") == 2048)
        #expect(try configuration.int("n.minus") == -3)
        #expect(throws: GitError.self) { try configuration.int("n.huge") }
        #expect(throws: GitError.self) { try configuration.int("b.bare") }
        #expect(try configuration.path("p.home") == "/home/a/x")
        #expect(try configuration.path("p.plain") == "/x")
        #expect(throws: GitError.self) { try configuration.path("p.other") }
    }

    @Test func settingsAreChangedAndRead() async throws {
        try await TemporaryRepository.with { temporary in
            let (git, directory) = (temporary.git, temporary.gitDirectory)
            try await git.addConfiguration("zentoo.site", "main", gitDirectory: directory)
            try await git.addConfiguration("zentoo.site", "lab", gitDirectory: directory)
            try await git.addConfiguration("zentoo.site", "main", gitDirectory: directory)
            #expect(
                try await git.configuration(gitDirectory: directory).strings("zentoo.site") == [
                    "main", "lab",
                ])
            try await git.setConfiguration("zentoo.site", to: "-x", gitDirectory: directory)
            #expect(
                try await git.configuration(gitDirectory: directory).strings("zentoo.site") == [
                    "-x"
                ])
            #expect(try await git.unsetConfiguration("zentoo.site", gitDirectory: directory))
            #expect(try await !git.unsetConfiguration("zentoo.site", gitDirectory: directory))
            let outside = try await git.configuration(gitDirectory: nil)
            #expect(outside.string("core.bare") == nil)
        }
    }

    @Test func commandLineSettingsApplyAndStrayVariablesDoNot() async throws {
        try await TemporaryRepository.with { temporary in
            var environment = temporary.environment
            environment["GIT_CONFIG_PARAMETERS"] = "'zentoo.engine=docker'"
            environment["GIT_DIR"] = "/no/such"
            environment["GIT_INDEX_FILE"] = "/no/such"
            environment["LC_ALL"] = "de_DE.UTF-8"
            environment["CFLAGS"] = "-O3"
            let git = GitProgram(environment: environment)
            let configuration = try await git.configuration(gitDirectory: temporary.gitDirectory)
            #expect(configuration.string("zentoo.engine") == "docker")
            for name in ["GIT_DIR", "GIT_INDEX_FILE", "LC_ALL", "CFLAGS"] {
                #expect(git.environment[name] == nil)
            }
            #expect(git.environment["LC_MESSAGES"] == "C")
        }
    }

    @Test func versionsAreParsed() async throws {
        #expect(GitVersion(output: "git version 2.39.5") == GitVersion(major: 2, minor: 39))
        #expect(GitVersion(output: "git version 2.50.1 (Apple Git-155)")?.description == "2.50")
        #expect(GitVersion(output: "git") == nil)
        #expect(GitVersion(major: 2, minor: 9) < GitVersion.minimum)
        let git = GitProgram(environment: [:])
        try await git.requireMinimumVersion()
    }

    @Test func integrityCheckFindsDamage() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let (git, directory) = (temporary.git, temporary.gitDirectory)
            #expect(try await git.checkIntegrity(gitDirectory: directory) == [])
            try await git.maintain(gitDirectory: directory)
            let id = "\(commit)"
            try await Invocation(
                "rm",
                ["-f", directory.appending("objects/\(id.prefix(2))/\(id.dropFirst(2))").string]
            ).run().orThrow()
            #expect(try await !git.checkIntegrity(gitDirectory: directory).isEmpty)
        }
    }
}
