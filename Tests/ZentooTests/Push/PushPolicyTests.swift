import Files
import Git
@testable import Server
import SystemPackage
import TestSupport
import Testing

/// What a server accepts of a push, tested without git and its hooks.
@Suite struct PushPolicyTests {
    /// The site of ``SiteFixture`` in a repository, and commits to which no branch
    /// has been moved yet.
    struct World {
        var fixture = SiteFixture()
        let temporary: TemporaryRepository
        var settings: [String] = []

        func commit(_ branch: String) throws -> ObjectID {
            var fixture = SiteFixture()
            fixture.branches = ["incoming": self.fixture.branches[branch] ?? [:]]
            try fixture.commit(to: temporary)
            let repository = try temporary.open()
            let name = try RefName.branch("incoming")
            let id = try #require(try repository.resolve(name))
            try repository.delete(name)
            return id
        }

        func judge(_ moves: [String: ObjectID?]) throws -> PushVerdict {
            let repository = try temporary.open()
            let lines = try moves.sorted { $0.key < $1.key }.map { branch, new in
                let old = try repository.resolve(RefName.branch(branch))
                return "\(old ?? .zero) \(new ?? .zero) refs/heads/\(branch)\n"
            }
            let listing = settings.map { $0 + "\0" }.joined()
            let configuration = Configuration(
                listing: Array(listing.utf8), homeDirectory: nil)
            return try PushPolicy(configuration, repository: repository)
                .judge(Push(Array(lines.joined().utf8)), by: "alice")
        }

        func judge(_ branches: String...) throws -> PushVerdict {
            try judge(
                Dictionary(uniqueKeysWithValues: branches.map { ($0, try commit($0)) }))
        }
    }

    private func with(
        _ fixture: SiteFixture = SiteFixture(), _ body: (inout World) throws -> Void
    ) async throws {
        try await TemporaryRepository.with { (temporary: TemporaryRepository) async throws in
            try fixture.commit(to: temporary)
            var world = World(fixture: fixture, temporary: temporary)
            try body(&world)
        }
    }

    @Test func validChangeIsAccepted() async throws {
        try await with { (world: inout World) throws in
            world.fixture["portage/base", "package.use/web"] = "www-servers/nginx -http2\n"
            world.fixture["main", "config/tuples"] = "a-base-default-tools\n"
            #expect(try world.judge("portage/base", "main") == PushVerdict())
        }
    }

    /// The mistakes that `tuple check` finds in a branch are refused when it is
    /// pushed, except sets that only a copy of the repository can define.
    @Test(
        arguments: (SiteCheckTests.siteCases + SiteCheckTests.branchCases)
            .filter { $0.message != "unknown set '@nothing'" })
    func mistakesOfCheckAreRefused(test: SiteCheckTests.Case) async throws {
        try await with { (world: inout World) throws in
            world.fixture[test.branch, test.path] = test.content
            let verdict = try world.judge(test.branch)
            #expect(verdict.refusals.map(\.place).contains(test.place))
            #expect(verdict.warnings == [])
        }
    }

    /// As in a new bare repository whose HEAD names another branch than the pushed
    /// one.
    @Test func danglingHEADWarns() async throws {
        try await with { (world: inout World) throws in
            try FileContent.write(
                Array("ref: refs/heads/master\n".utf8),
                to: world.temporary.gitDirectory.appending("HEAD"))
            let verdict = try world.judge("portage/base")
            #expect(verdict.refusals == [])
            #expect(verdict.warnings.map(\.ref) == ["HEAD"])
            #expect(verdict.warnings.first?.hint?.contains("git symbolic-ref HEAD") == true)
            world.settings = ["zentoo.site\nmain"]
            #expect(try world.judge("portage/base").warnings == [])
        }
    }

    /// git itself would accept the rest of the push.
    @Test func nonFastForwardIsRefusedIfDenied() async throws {
        try await with { (world: inout World) throws in
            let repository = try world.temporary.open()
            let old = try #require(try repository.resolve(RefName.branch("portage/base")))
            let other = try repository.createCommit(
                tree: repository.tree(ofCommit: old), parents: [],
                author: TemporaryRepository.signature, message: "other")
            #expect(try world.judge(["portage/base": other]) == PushVerdict())
            world.settings = ["receive.denynonfastforwards\ntrue"]
            let refusals = try world.judge(["portage/base": other]).refusals
            #expect(refusals.map(\.place) == ["portage/base"])
            let next = try repository.createCommit(
                tree: repository.tree(ofCommit: old), parents: [old],
                author: TemporaryRepository.signature, message: "next")
            #expect(try world.judge(["portage/base": next]) == PushVerdict())
        }
    }

    @Test func mistakesElsewhereAreWarnings() async throws {
        var fixture = SiteFixture()
        fixture["main", "config/zentoo.lock"] = ""
        try await with(fixture) { (world: inout World) throws in
            world.fixture["portage/base", "make.conf"] = "USE=\"-ssl\"\n"
            let verdict = try world.judge("portage/base")
            #expect(verdict.refusals == [])
            #expect(
                verdict.warnings.map(\.place) == [
                    "main:config/zentoo.lock", "main:config/zentoo.lock",
                ])
            // Existing mistakes need not all be fixed at once, except those in the pushed
            // branch.
            world.fixture["main", "config/portage/sets/web"] = "www-servers/nginx\n"
            #expect(try world.judge("main").refusals.count == 2)
        }
    }

    @Test func allSitesWithBranchAreChecked() async throws {
        var fixture = SiteFixture()
        fixture.branches["lab"] = fixture.branches["main"]
        fixture["lab", "config/cpu/a"] = "COMMON_FLAGS=\"-O2\"\nUSE=\"lab\"\n"
        try await with(fixture) { (world: inout World) throws in
            world.settings = ["zentoo.site\nmain", "zentoo.site\nlab"]
            world.fixture["portage/base", "make.conf"] = "CFLAGS=\"-O3\"\n"
            let verdict = try world.judge("portage/base")
            #expect(verdict.refusals.map(\.place) == ["portage/base:make.conf:1"])
            world.fixture["portage/base", "make.conf"] = "USE=\"x\"\n"
            #expect(
                try world.judge("portage/base").refusals.map(\.message) == [
                    "USE replaces what cpu 'a' says"
                ])
        }
    }

    @Test func branchesOfTuplesCannotBeDeleted() async throws {
        var fixture = SiteFixture()
        fixture.branches["portage/unused"] = fixture.branches["portage/base"]
        try await with(fixture) { (world: inout World) throws in
            for branch in ["portage/base", "buildhooks/default"] {
                let verdict = try world.judge([branch: nil])
                #expect(verdict.refusals.map(\.place) == [branch])
                #expect(verdict.refusals.first?.message.contains("a-base-default-web") == true)
            }
            #expect(
                try world.judge(["main": nil]).refusals.map(\.message) == [
                    "it is a site of this server, which has a-base-default-web"
                ])
            #expect(try world.judge(["portage/unused": nil]) == PushVerdict())
            world.fixture["main", "config/tuples"] = "a-unused-default-web\n"
            #expect(
                try world.judge(["portage/base": nil, "main": world.commit("main")])
                    == PushVerdict())
        }
    }

    @Test func firstPushCreatesSite() async throws {
        try await TemporaryRepository.with { (temporary: TemporaryRepository) async throws in
            let world = World(temporary: temporary)
            #expect(try world.judge("main", "portage/base", "buildhooks/default") == PushVerdict())
            #expect(
                try world.judge("main", "portage/base").refusals.map(\.place) == [
                    "main:config/tuples:1"
                ])
        }
    }

    // MARK: Limits

    @Test func sizesAndCountsHaveLimits() async throws {
        try await with { (world: inout World) throws in
            world.settings = ["zentoo.maxFileSize\n100"]
            world.fixture["buildhooks/default", "copy/etc/motd"] = .file(
                String(repeating: "x", count: 101))
            #expect(
                try world.judge("buildhooks/default").refusals.map(\.place) == [
                    "buildhooks/default:copy/etc/motd"
                ])
            world.settings = ["zentoo.maxFiles\n5"]
            #expect(
                try world.judge("buildhooks/default").refusals.map(\.place) == [
                    "buildhooks/default"
                ])
            world.settings = ["zentoo.maxTuples\n1"]
            world.fixture["main", "config/tuples"] = "a-base-default-web\n*-*-*-* live=keep\n"
            #expect(try world.judge("main").refusals.map(\.place) == ["main:config/tuples"])
            world.settings = []
            world.fixture["portage/base", "make.conf"] = .file(
                String(repeating: "#\n", count: PushLimits.textSize / 2 + 1))
            #expect(
                try world.judge("portage/base").refusals.map(\.place) == [
                    "portage/base:make.conf"
                ])
        }
    }

    /// A few objects that expand to a hundred million files, or very deep trees.
    @Test func hugeAndDeepTreesAreRefused() async throws {
        try await with { (world: inout World) throws in
            let repository = try world.temporary.open()
            func push(_ tree: ObjectID) throws -> [String] {
                let commit = try repository.createCommit(
                    tree: tree, parents: [], author: TemporaryRepository.signature, message: "x")
                return try world.judge(["portage/base": commit]).refusals.map(\.message)
            }
            var tree = try repository.writeTree([
                TreeEntry("x", .file, repository.writeBlob("x".utf8))
            ])
            for _ in 0..<8 {
                tree = try repository.writeTree(
                    (0..<10).map { TreeEntry("\($0)", .tree, tree) })
            }
            #expect(try push(tree) == ["it has more than 10000 files and directories"])
            for _ in 0..<100 { tree = try repository.writeTree([TreeEntry("x", .tree, tree)]) }
            #expect(try push(tree) == ["directories are nested more than 64 deep"])
        }
    }

    /// git stores names and links that no file system accepts.
    @Test func impossibleFileNamesAreRefused() async throws {
        try await with { (world: inout World) throws in
            let long = String(repeating: "x", count: 256)
            let deep = Array(repeating: String(repeating: "y", count: 200), count: 16)
                .joined(separator: "/")
            let good = String(repeating: "z", count: 255)
            for branch in ["portage/base", "buildhooks/default", "main"] {
                let folder = ["main": "docs", "portage/base": "patches"][branch] ?? "copy"
                for (path, content): (String, SiteFixture.Content) in [
                    ("\(folder)/\(long)", "x"), ("\(folder)/\(long)/file", "x"),
                    ("\(folder)/\(deep)", "x"), ("\(folder)/empty", .link("")),
                    ("\(folder)/endless", .link(String(repeating: "a", count: 4096))),
                    ("\(folder)/zero", .link("a\0b")),
                ] {
                    var changed = world
                    changed.fixture[branch, path] = content
                    let refusals = try changed.judge(branch).refusals
                    #expect(refusals.count == 1, "\(branch) \(path.prefix(20)): \(refusals)")
                }
                world.fixture[branch, "\(folder)/\(good)"] = "x"
                #expect(try world.judge(branch).refusals == [])
            }
        }
    }

    @Test func tooLongTupleNameIsRefused() async throws {
        try await with { (world: inout World) throws in
            let cpu = String(repeating: "c", count: 100)
            let set = String(repeating: "s", count: 100)
            world.fixture["main", "config/cpu/\(cpu)"] = "CFLAGS=\"-O2\"\n"
            world.fixture["main", "config/portage/sets/\(set)"] = "app-misc/zen\n"
            world.fixture["main", "config/tuples"] = .file("\(cpu)-base-default-\(set)\n")
            #expect(try world.judge("main").refusals == [])
            let longer = String(repeating: "t", count: 100)
            world.fixture["main", "config/portage/sets/\(longer)"] = "app-misc/zen\n"
            world.fixture.branches["portage/\(longer.dropLast(60))"] =
                world.fixture.branches["portage/base"]
            world.fixture["main", "config/tuples"] = .file(
                "\(cpu)-\(longer.dropLast(60))-default-\(set)\n")
            let refusals = try world.judge("main", "portage/\(longer.dropLast(60))").refusals
            #expect(refusals.map(\.place) == ["main:config/tuples:1"])
        }
    }

    @Test func siteTreeHasOnlyFilesAndInnerLinks() async throws {
        try await with { (world: inout World) throws in
            world.fixture["main", "docs/out"] = .link("../../etc/shadow")
            world.fixture["main", "docs/in"] = .link("../config/tuples")
            world.fixture["main", "module"] = .gitlink
            #expect(
                try world.judge("main").refusals.map(\.place) == ["main:docs/out", "main:module"])
        }
    }
}
