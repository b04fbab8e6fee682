import Git
@testable import Sites
import TestSupport
import Testing

@Suite struct RootBranchTests {
    @Test func newRootIsUnchanged() async throws {
        try await RootFixture.with { fixture in
            let root = try fixture.root()
            #expect(root.head == fixture.first.commit)
            #expect(root.base.commit == fixture.first.commit)
            #expect(root.base.tuple == RootFixture.tuple)
            #expect(root.base.cpu.text == "a")
            #expect(
                [root.base.portage, root.base.buildhooks, root.base.site] == fixture.first.parents)
            #expect(root.isUnchanged)
            #expect(root.commits.isEmpty)
        }
    }

    @Test func commitsAreNewestFirst() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit(["etc/portage/package.use/a": "x/a b\n"], message: "one")
            try fixture.commit(["etc/portage/package.use/b": "x/b c\n"], message: "two")
            let root = try fixture.root()
            #expect(root.base.commit == fixture.first.commit)
            #expect(root.commits.map(\.subject) == ["two", "one"])
            #expect(!root.isUnchanged)
        }
    }

    @Test func mergedTupleCommitIsNewBase() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit(["etc/portage/package.use/a": "x/a b\n"], message: "one")
            try fixture.commit(["README": "words\n"], on: "main")
            let newer = try TupleComposer(fixture.site()).compose(fixture.first.tuple)
            #expect(newer.commit != fixture.first.commit)
            try fixture.commit(
                ["etc/portage/package.use/a": "x/a b\n"], message: "merge", merging: newer.commit)
            var root = try fixture.root()
            #expect(root.base.commit == newer.commit)
            #expect(root.commits.map(\.subject) == ["one"])

            // A merge that discards the root's changes also ends the list of earlier
            // commits.
            try fixture.commit([:], message: "merge", merging: newer.commit)
            try fixture.commit(["etc/portage/package.use/c": "x/c d\n"], message: "three")
            root = try fixture.root()
            #expect(root.base.commit == newer.commit)
            #expect(root.commits.map(\.subject) == ["three"])
        }
    }

    @Test func amendedTupleCommitIsRefused() async throws {
        try await RootFixture.with { fixture in
            let repository = try fixture.repository.open()
            let composed = try repository.commit(fixture.first.commit)
            let amended = try repository.createCommit(
                tree: composed.tree, parents: composed.parents, author: composed.author,
                committer: composed.committer.at(seconds: 1_500_000_000),
                message: composed.message)
            try repository.set(
                RootBranch.reference(of: fixture.name), to: amended, expecting: .anything)
            let error = try #require(throws: ZentooError.self) { try fixture.root() }
            #expect(error.code == .damaged)
            #expect(error.message == "branch 'root/desk' stands on no tuple commit")
        }
    }

    @Test func unknownRootIsReportedWithKnownOnes() async throws {
        try await RootFixture.with { fixture in
            let error = try #require(throws: ZentooError.self) {
                try RootBranch(ZentooName("chair"), in: fixture.repository.open())
            }
            #expect(error.message == "root 'chair' not found")
            #expect(error.hints == ["known: desk"])
        }
    }

    @Test func siteOfRootIsFound() async throws {
        var fixture = SiteFixture()
        fixture.branches["berlin"] = fixture.branches["main"]
        fixture["berlin", "README.md"] = "another network\n"
        try await RootFixture.with(fixture) { fixture in
            let (main, berlin) = (try ZentooName("main"), try ZentooName("berlin"))
            func site() throws -> String {
                try fixture.root().site(
                    among: [main, berlin], preferred: berlin, remote: nil,
                    in: fixture.repository.open()
                ).text
            }
            #expect(try site() == "main")
            // A site branched from the other one contains its commits too.
            try await fixture.repository.git("branch", "--force", "berlin", "main")
            #expect(try site() == "berlin")
        }
    }
}
