import Exec
import Git
@testable import Records
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing

@Suite struct PromotionTests {
    private func promote(
        _ fixture: RootFixture, _ options: PromotionOptions = PromotionOptions(),
        remote: String? = nil
    ) async throws -> PromotionReport {
        try await Promotion(
            fixture.root(), to: fixture.site(remote: remote), git: fixture.repository.git,
            identity: TemporaryRepository.signature, options: options
        ).run()
    }

    private func heads(_ fixture: RootFixture) throws -> [String] {
        try fixture.repository.open().references(under: "refs/").map { "\($0.name) \($0.id)" }
    }

    @Test func filesArePromotedToTheirOrigin() async throws {
        var site = SiteFixture()
        site["portage/base", "sets/own"] = "app-misc/own\n"
        site["main", "config/portage/sets/web"] = "@tools\n@own\n"
        try await RootFixture.with(site) { fixture in
            try fixture.commit([
                "etc/portage/make.conf/10-a": "COMMON_FLAGS=\"-O3\"\n",
                "etc/portage/make.conf/50-make.conf": "USE=\"ssl http2\"\n",
                "etc/portage/package.use/web": nil,
                "etc/portage/patches/x/y/one.patch": "patch\n",
                "etc/portage/sets/tools": "app-editors/vim\n@new\n",
                "etc/portage/sets/own": "app-misc/owned\n",
                "etc/portage/sets/new": "app-misc/new\n",
                "buildhooks/unmerge": "app-misc/gone\n",
            ])
            let report = try await promote(fixture)
            #expect(report.status == .promoted)
            #expect(report.branches.map(\.name) == ["portage/base", "buildhooks/default", "main"])
            #expect(try fixture.text("make.conf", on: "portage/base") == "USE=\"ssl http2\"\n")
            #expect(try fixture.text("package.use/web", on: "portage/base") == nil)
            #expect(try fixture.text("patches/x/y/one.patch", on: "portage/base") == "patch\n")
            #expect(try fixture.text("sets/own", on: "portage/base") == "app-misc/owned\n")
            #expect(try fixture.text("sets/new", on: "portage/base") == "app-misc/new\n")
            #expect(try fixture.text("unmerge", on: "buildhooks/default") == "app-misc/gone\n")
            #expect(try fixture.text("config/cpu/a", on: "main") == "COMMON_FLAGS=\"-O3\"\n")
            #expect(
                try fixture.text("config/portage/sets/tools", on: "main")
                    == "app-editors/vim\n@new\n")
            #expect(try fixture.text("config/portage/sets/new", on: "main") == nil)

            // Composing gives exactly what was promoted, and no change is left.
            let root = try fixture.root()
            #expect(root.isUnchanged && root.commits.isEmpty)
            #expect(root.base.commit == report.commit)
            let composed = try TupleComposer(fixture.site()).compose(fixture.first.tuple)
            #expect(root.base.commit == composed.commit)
            #expect(try await promote(fixture).status == .nothing)
        }
    }

    @Test func makeConfDirectoryStaysDirectory() async throws {
        var site = SiteFixture()
        site["portage/base", "make.conf"] = nil
        site["portage/base", "make.conf/20-use"] = "USE=\"x\"\n"
        try await RootFixture.with(site) { fixture in
            try fixture.commit([
                "etc/portage/make.conf/50-20-use": "USE=\"y\"\n",
                "etc/portage/make.conf/50-local": "L10N=\"de\"\n",
            ])
            #expect(try await promote(fixture).status == .promoted)
            #expect(try fixture.text("make.conf/20-use", on: "portage/base") == "USE=\"y\"\n")
            #expect(try fixture.text("make.conf/local", on: "portage/base") == "L10N=\"de\"\n")
        }
    }

    @Test func newSetCanGoToSite() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit([
                "etc/portage/sets/web": "@tools\n@new\n", "etc/portage/sets/new": "app-misc/new\n",
            ])
            let report = try await promote(fixture, PromotionOptions(newSetsToSite: true))
            #expect(report.branches.map(\.name) == ["main"])
            #expect(
                try fixture.text("config/portage/sets/new", on: "main") == "app-misc/new\n")
        }
    }

    @Test func filesOfNoBranchAreRefused() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit([
                "tuple": "b-base-default-web\n", "stage": "other\n", "repos": "other\n",
                "options": "rebuild=any-change\n", "format": "7\n", "README": "words\n",
                "etc/portage/make.conf/90-zentoo": "PKGDIR=/tmp\n",
                "etc/portage/make.conf/60-mine": "USE=x\n",
                "etc/portage/make.conf/50-mine": "USE=x\n",
                "etc/portage/make.conf/10-a": nil,
                "etc/portage/sets/unused": "app-misc/other\n",
                "etc/portage/package.use/fine": "x/y z\n",
            ])
            let before = try heads(fixture)
            let error = try await #require(throws: ZentooError.self) { try await promote(fixture) }
            try assertSnapshot(
                error.mistakes.map { "\($0.place): \($0.message)\n  \($0.hint ?? "")\n" }
                    .joined()
                    .replacing(#/\b[0-9a-f]{12}\b/#, with: "<commit>"),
                named: "refused")
            #expect(try heads(fixture) == before)
        }
    }

    @Test func changesOnBothSidesAreMerged() async throws {
        var site = SiteFixture()
        site["portage/base", "package.use/web"] = "a/a 1\nb/b 1\nc/c 1\nd/d 1\ne/e 1\n"
        try await RootFixture.with(site) { fixture in
            try fixture.commit(
                ["etc/portage/package.use/web": "a/a 2\nb/b 1\nc/c 1\nd/d 1\ne/e 1\n"])
            let theirs = try fixture.commit(
                ["package.use/web": "a/a 1\nb/b 1\nc/c 1\nd/d 1\ne/e 2\n"], on: "portage/base")
            let report = try await promote(fixture)
            #expect(report.status == .promoted)
            let joined = "a/a 2\nb/b 1\nc/c 1\nd/d 1\ne/e 2\n"
            #expect(try fixture.text("package.use/web", on: "portage/base") == joined)
            #expect(try fixture.text("etc/portage/package.use/web", on: "root/desk") == joined)
            let commit = try #require(report.branches.first?.commit)
            #expect(try fixture.repository.open().commit(commit).parents == [theirs])
        }
    }

    @Test func conflictMovesNothingAndHintsCommand() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit([
                "etc/portage/make.conf/50-make.conf": "USE=\"mine\"\n",
                "buildhooks/services": "nginx boot\n",
            ])
            try fixture.commit(["make.conf": "USE=\"theirs\"\n"], on: "portage/base")
            let before = try heads(fixture)
            let report = try await promote(fixture)
            #expect(report.status == .conflicts)
            #expect(report.branches.map(\.conflicts) == [["make.conf"], []])
            #expect(try heads(fixture) == before)

            // The first hint is a git command that can be typed as it is.
            let now = try TupleComposer(fixture.site()).compose(fixture.first.tuple)
            let words = try #require(report.hints.first).split(separator: " ").map(String.init)
            #expect(words.dropFirst(3).first == String("\(now.commit)".prefix(12)))
            let rebase = try await fixture.repository.git.invocation(
                Array(words.dropFirst()), directory: fixture.repository.path
            ).run()
            #expect(!rebase.status.isSuccess)
            let file = fixture.repository.path.appending("etc/portage/make.conf/50-make.conf")
            try write("USE=\"mine theirs\"\n", to: file)
            try await fixture.repository.git("add", "--all")
            try await fixture.repository.git("-c", "core.editor=true", "rebase", "--continue")
            try await fixture.repository.git("switch", "--quiet", "main")
            #expect(try fixture.root().base.commit == now.commit)
            #expect(try await promote(fixture).status == .promoted)
            #expect(
                try fixture.text("make.conf", on: "portage/base") == "USE=\"mine theirs\"\n")
        }
    }

    @Test func singleCommitKeepsMessageAndAuthor() async throws {
        let ann = Signature(name: "Ann", email: "ann@example.com", seconds: 1_300_000_000)
        let bob = Signature(name: "Bob", email: "bob@example.com", seconds: 1_310_000_000)
        try await RootFixture.with { fixture in
            try fixture.commit(
                ["etc/portage/package.use/a": "x/a b\n"], message: "one\n\nbecause\n", as: ann)
            try fixture.commit(["buildhooks/unmerge": "x/y\n"], message: "hooks", as: bob)
            try fixture.commit(["etc/portage/sets/tools": "x/z\n"], message: "sets", as: ann)
            try fixture.commit(["etc/portage/sets/web": "@tools\n"], message: "more", as: bob)
            _ = try await promote(fixture)
            let format = "--format=%an %at%n%B"
            func newest(_ branch: String) async throws -> String {
                try await fixture.repository.git("log", "-1", format, branch)
            }
            #expect(
                try await newest("portage/base") == "Ann 1300000000\none\n\nbecause\n")
            #expect(try await newest("buildhooks/default") == "Bob 1310000000\nhooks\n")
            #expect(
                try await newest("main") == """
                    Bob 1310000000
                    zentoo: promote root desk

                    - sets
                    - more

                    Co-authored-by: Ann <ann@example.com>

                    """)
        }
    }

    @Test func invalidTupleIsRefused() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit(["etc/portage/make.conf/50-make.conf": "\nCFLAGS=\"-O3\"\n"])
            let before = try heads(fixture)
            let error = try await #require(throws: ZentooError.self) { try await promote(fixture) }
            #expect(
                error.mistakes.map(\.place) == ["root/desk:etc/portage/make.conf/50-make.conf:2"])
            #expect(try heads(fixture) == before)
        }
    }

    @Test func otherTuplesAreNamedAndStayValid() async throws {
        var site = SiteFixture()
        site["main", "config/tuples"] =
            "a-base-default-web\na-base-default-tools\na-other-default-tools\n"
        site.branches["portage/other"] = site.branches["portage/base"]
        site["portage/other", "make.conf"] = "LDFLAGS=\"-Wl,-O1\"\n"
        try await RootFixture.with(site) { fixture in
            try fixture.commit(["etc/portage/sets/tools": "app-editors/vim\n"])
            let report = try await promote(fixture)
            #expect(report.affected == ["a-base-default-tools", "a-other-default-tools"])

            // The branch would from now on replace a value that the cpu sets.
            try fixture.commit(["etc/portage/make.conf/10-a": "LDFLAGS=\"-Wl,-O2\"\n"])
            let before = try heads(fixture)
            let error = try await #require(throws: ZentooError.self) { try await promote(fixture) }
            #expect(error.message.hasSuffix("'a-other-default-tools' would be wrong"))
            #expect(try heads(fixture) == before)
        }
    }

    @Test func changesCanGoToOtherPortageBranch() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit(["etc/portage/package.use/a": "x/a b\n"], message: "one")
            let base = try fixture.text("package.use/a", on: "portage/base")
            let report = try await promote(
                fixture, PromotionOptions(portage: ZentooName("desktop")))
            #expect(base == nil)
            #expect(try fixture.text("package.use/a", on: "portage/base") == nil)
            #expect(try fixture.text("package.use/a", on: "portage/desktop") == "x/a b\n")
            #expect(report.branches.map(\.isNew) == [true])
            #expect(report.tuple == "a-desktop-default-web")
            #expect(report.hints == ["declare 'a-desktop-default-web' in config/tuples on main"])
            #expect(try fixture.root().base.tuple == "a-desktop-default-web")
            let parents = try await fixture.repository.git("rev-parse", "portage/desktop~1")
            #expect(parents == "\(fixture.first.parents[0])")
        }
    }

    @Test func dryRunMovesNothing() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit(["etc/portage/package.use/a": "x/a b\n"], message: "one")
            let before = try heads(fixture)
            let report = try await promote(fixture, PromotionOptions(dryRun: true))
            #expect(report.status == .planned)
            #expect(report.branches.map(\.subject) == ["one"])
            #expect(report.branches.flatMap(\.changes).map(\.path) == ["package.use/a"])
            #expect(try heads(fixture) == before)
        }
    }

    private func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }
}
