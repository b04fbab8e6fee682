import Git
@testable import Sites
import SystemPackage
import TestSupport
import Testing

@Suite struct TupleComposerTests {
    private func compose(_ site: Site) throws -> TupleCommit {
        try TupleComposer(site).compose(try #require(site.declaredTuples.first))
    }

    private func files(_ tree: ObjectID, _ repository: TemporaryRepository) async throws -> [String]
    {
        try await repository.git("ls-tree", "-r", "--name-only", "\(tree)").split(separator: "\n")
            .map(String.init)
    }

    @Test func treeIsComplete() async throws {
        try await SiteFixture().withSite { site, repository in
            let composed = try compose(site)
            let names = try await files(composed.tree, repository)
            #expect(
                names == [
                    "buildhooks/premerge.d/10-users", "buildhooks/services",
                    "etc/portage/make.conf/10-a", "etc/portage/make.conf/50-make.conf",
                    "etc/portage/make.conf/90-zentoo", "etc/portage/make.profile",
                    "etc/portage/package.use/web", "etc/portage/sets/tools",
                    "etc/portage/sets/web", "format", "options", "repos", "stage", "tuple",
                ])
            func text(_ path: String) async throws -> String {
                try await repository.git("cat-file", "-p", "\(composed.commit):\(path)")
            }
            #expect(try await text("stage") == "openrc sha256:\(SiteFixture.digest)")
            #expect(try await text("repos") == "gentoo sha256:\(SiteFixture.digest)")
            #expect(try await text("tuple") == "a-base-default-web")
            let cpu = try await repository.git("rev-parse", "main:config/cpu/a")
            let layer = "\(composed.commit):etc/portage/make.conf/10-a"
            #expect(try await repository.git("rev-parse", layer) == cpu)
            #expect(
                try await text("etc/portage/make.conf/90-zentoo")
                    .contains("FEATURES=\"${FEATURES} buildpkg binpkg-multi-instance\""))
        }
    }

    @Test func makeConfDirectoryKeepsItsOrder() async throws {
        var fixture = SiteFixture()
        fixture["portage/base", "make.conf"] = nil
        fixture["portage/base", "make.conf/20-use"] = "USE=\"x\"\n"
        fixture["portage/base", "make.conf/local"] = "L10N=\"de\"\n"
        try await fixture.withSite { site, repository in
            let names = try await files(try compose(site).tree, repository)
            #expect(
                names.filter { $0.hasPrefix("etc/portage/make.conf/") }.map { $0.dropFirst(22) }
                    == ["10-a", "50-20-use", "50-local", "90-zentoo"])
        }
    }

    @Test func linksOfMakeConfAndSetsAreFollowed() async throws {
        var fixture = SiteFixture()
        fixture["portage/base", "make.conf"] = .link("shared/conf")
        fixture["portage/base", "shared/conf/20-use"] = .link("../flags")
        fixture["portage/base", "shared/conf/30-more"] = .link("/etc/portage/shared/more")
        fixture["portage/base", "shared/flags"] = "USE=\"x\"\n"
        fixture["portage/base", "shared/more/a"] = "L10N=\"de\"\n"
        fixture["portage/base", "sets"] = .link("shared/sets")
        fixture["portage/base", "shared/sets/tools"] = .link("editors")
        fixture["portage/base", "shared/sets/editors"] = "app-editors/vim\n"
        try await fixture.withSite { site, repository in
            let composed = try compose(site)
            let names = try await files(composed.tree, repository)
            #expect(
                names.filter { $0.hasPrefix("etc/portage/make.conf/") }.map { $0.dropFirst(22) }
                    == ["10-a", "50-20-use", "50-30-more/a", "90-zentoo"])
            func text(_ path: String) async throws -> String {
                try await repository.git(
                    "cat-file", "-p", "\(composed.commit):etc/portage/\(path)")
            }
            #expect(try await text("make.conf/50-20-use") == "USE=\"x\"")
            #expect(try await text("sets/tools") == "app-editors/vim")
        }
    }

    @Test func linksOfTheSiteAreFollowed() async throws {
        var fixture = SiteFixture()
        fixture["main", "config/cpu/b"] = fixture["main", "config/cpu/a"]
        fixture["main", "config/cpu/a"] = .link("b")
        fixture["main", "config/portage/sets/editors"] = "app-editors/vim\n"
        fixture["main", "config/portage/sets/tools"] = .link("editors")
        try await fixture.withSite { site, repository in
            let composed = try compose(site)
            func text(_ path: String) async throws -> String {
                try await repository.git(
                    "cat-file", "-p", "\(composed.commit):etc/portage/\(path)")
            }
            #expect(try await text("make.conf/10-a").hasPrefix("COMMON_FLAGS="))
            #expect(try await text("sets/tools") == "app-editors/vim")
        }
    }

    @Test func filesPortageIgnoresAreLeftOutOfMakeConf() async throws {
        var fixture = SiteFixture()
        fixture["portage/base", "make.conf"] = nil
        fixture["portage/base", "make.conf/20-use"] = "USE=\"x\"\n"
        for name in [".20-use.swp", "20-use~", "._cfg0000_20-use", "CVS/Entries"] {
            fixture["portage/base", "make.conf/\(name)"] = "CFLAGS=\"-march=native\n"
        }
        fixture["portage/base", "package.use/.cpu"] = "*/* CPU_FLAGS_X86: avx\n"
        try await fixture.withSite { site, repository in
            let names = try await files(try compose(site).tree, repository)
            #expect(
                names.filter { $0.hasPrefix("etc/portage/make.conf/") }.map { $0.dropFirst(22) }
                    == ["10-a", "50-20-use", "90-zentoo"])
        }
    }

    @Test func setOfPortageBranchWins() async throws {
        var fixture = SiteFixture()
        fixture["portage/base", "sets/tools"] = "app-editors/vim\n"
        fixture["portage/base", "sets/other"] = "app-misc/other\n"
        try await fixture.withSite { site, repository in
            let composed = try compose(site)
            let tools = try await repository.git(
                "cat-file", "-p", "\(composed.commit):etc/portage/sets/tools")
            #expect(tools == "app-editors/vim")
            let names = try await files(composed.tree, repository)
            #expect(!names.contains("etc/portage/sets/other"))
        }
    }

    @Test func commitMatchesGit() async throws {
        try await SiteFixture().withSite { site, repository in
            let composed = try compose(site)
            var arguments = ["commit-tree", "\(composed.tree)"]
            for branch in ["portage/base", "buildhooks/default", "main"] {
                arguments += ["-p", branch]
            }
            let made = try await repository.git(
                arguments + ["-m", "tuple a-base-default-web"])
            #expect(made == "\(composed.commit)")
            let problems = try await repository.git.checkIntegrity(
                gitDirectory: repository.gitDirectory)
            #expect(problems == [])
        }
    }

    @Test func cloneComposesSameCommit() async throws {
        try await SiteFixture().withSite { site, repository in
            let composed = try compose(site)
            let clone = repository.root.appending("clone")
            try await repository.git("clone", "--quiet", "\(repository.path)", "\(clone)")
            // The clone has only `main`; the other branches are those of `origin`.
            let other = try Repository.open(clone)
            #expect(
                try other.references(under: "refs/heads/").map { "\($0.name)" } == [
                    "refs/heads/main"
                ])
            let twin = try compose(Site(site.name, in: other, remote: "origin"))
            #expect(twin.commit == composed.commit)
        }
    }

    @Test func unrelatedChangeKeepsTree() async throws {
        var fixture = SiteFixture()
        try await TemporaryRepository.with { repository in
            func composed() throws -> TupleCommit {
                try fixture.commit(to: repository)
                return try compose(Site(ZentooName("main"), in: repository.open(), remote: nil))
            }
            let first = try composed()
            fixture["main", "README.md"] = "words\n"
            fixture["main", "config/cpu/b"] = "CFLAGS=-O3\n"
            fixture["main", "config/tuples"] = "a-base-default-web live=keep\n"
            let second = try composed()
            #expect(second.tree == first.tree)
            #expect(second.commit != first.commit)
            fixture["main", "config/portage/sets/tools"] = "app-editors/vim\n"
            #expect(try composed().tree != first.tree)
            fixture["main", "config/tuples"] = "a-base-default-web rebuild=any-change\n"
            fixture["main", "config/portage/sets/tools"] = "app-editors/nano\n"
            #expect(try composed().tree != first.tree)
        }
    }

    @Test func twoSitesShareBranchesAndTrees() async throws {
        var fixture = SiteFixture()
        fixture.branches["berlin"] = fixture.branches["main"]
        fixture["berlin", "README.md"] = "another network\n"
        try await fixture.withSite { main, repository in
            let berlin = try Site(ZentooName("berlin"), in: repository.open(), remote: nil)
            let (one, other) = (try compose(main), try compose(berlin))
            #expect(one.tree == other.tree)
            #expect(one.commit != other.commit)
            #expect(other.parents.contains(berlin.commit))
        }
    }

    @Test func mistakePreventsComposing() async throws {
        var fixture = SiteFixture()
        fixture["portage/base", "make.conf"] = "CFLAGS=-O3\n"
        try await fixture.withSite { site, _ in
            let error = try #require(throws: ZentooError.self) { try compose(site) }
            #expect(error.code == .mistakes)
            #expect(error.mistakes.map(\.place) == ["portage/base:make.conf:1"])
        }
    }

    @Test func tupleCommitRoundTrips() async throws {
        try await SiteFixture().withSite { site, _ in
            let composed = try compose(site)
            let read = try TupleCommit(
                reading: composed.commit, tuple: composed.tuple, in: site.repository)
            #expect(read == composed)
        }
    }
}
