@testable import Builds
import Exec
import Files
@testable import Sites
import SystemPackage
import Testing

@Suite struct RepositoryStoreTests {
    // MARK: git

    @Test(arguments: ["main", nil]) func branchIsPinnedAtItsCommit(branch: String?) async throws {
        try await RepositoryFixture.with { fixture in
            let id = try await fixture.commit()
            let pin = try await fixture.resolve(branch: branch)
            #expect(pin.revision == .commit(id))
            #expect(pin.masters.map(\.text) == ["gentoo"])
            let source = RepositorySource.git(fixture.overlay.string, branch: branch)
            let tree = try await fixture.store.materialize(pin, source: source)
            #expect(tree == fixture.path("state/repos/local/\(id)/tree"))
            #expect(try fixture.read(tree.pushing("app-misc/a/a-1.ebuild")) == "EAPI=8\n")
            #expect(
                try FileStatus.of(tree.pushing("app-misc/a/a-1.ebuild"))?.modified == 1_700_000_000)
            #expect(try fixture.store.list() == [.init(name: fixture.name, revision: pin.revision)])
            // Once the copy exists the source is not read again.
            try await fixture.run("rm", ["-r", "overlay"])
            #expect(try await fixture.store.materialize(pin, source: source) == tree)
            #expect(fixture.store.tree(of: fixture.name, pin.revision) == tree)
        }
    }

    @Test func checkoutIgnoresGitattributes() async throws {
        try await RepositoryFixture.with { fixture in
            try fixture.write(
                "* text eol=crlf ident export-subst\nsecret export-ignore\n",
                "overlay/.gitattributes")
            try fixture.write("export-ignore\n", "overlay/secret")
            try fixture.write("$Id$ $Format:%H$\n", "overlay/text")
            try fixture.write("#!/bin/sh\n", "overlay/tool")
            try await fixture.run("chmod", ["755", "overlay/tool"])
            try await fixture.run("ln", ["-s", "tool", "overlay/link"])
            try await fixture.commit()
            let pin = try await fixture.resolve(branch: "main")
            let tree = try await fixture.store.materialize(
                pin, source: .git(fixture.overlay.string, branch: "main"))
            for name in ["secret", "text", ".gitattributes"] {
                let committed = try await fixture.git("cat-file", "blob", "HEAD:\(name)")
                #expect(try fixture.read(tree.appending(name)) == committed + "\n")
            }
            #expect(
                try await fixture.run("stat", ["--format=%A %N", "\(tree)/tool", "\(tree)/link"])
                    == "-rwxr-xr-x '\(tree)/tool'\nlrwxrwxrwx '\(tree)/link' -> 'tool'")
        }
    }

    @Test func oldRevisionIsFetchedByID() async throws {
        try await RepositoryFixture.with { fixture in
            let old = try await fixture.commit()
            try fixture.write("EAPI=8\n", "overlay/app-misc/a/a-2.ebuild")
            try await fixture.commit()
            // This machine knows only the newest commit.
            _ = try await fixture.resolve(branch: "main")
            let pin = RepositoryPin(name: fixture.name, revision: .commit(old), masters: [])
            let tree = try await fixture.store.materialize(
                pin, source: .git("file://\(fixture.overlay)", branch: "main"))
            #expect(
                try Directory.names(in: tree.pushing("app-misc/a")).map(\.string) == ["a-1.ebuild"])
        }
    }

    @Test func oldRevisionIsFoundInHistory() async throws {
        try await RepositoryFixture.with { fixture in
            let old = try await fixture.commit()
            try fixture.write("EAPI=8\n", "overlay/app-misc/a/a-2.ebuild")
            try await fixture.commit()
            _ = try await fixture.resolve(branch: "main")
            // Protocol 0 serves only what references name.
            try await fixture.run(
                "git", ["--git-dir=state/repos/local/git", "config", "protocol.version", "0"])
            let pin = RepositoryPin(name: fixture.name, revision: .commit(old), masters: [])
            _ = try await fixture.store.materialize(
                pin, source: .git("file://\(fixture.overlay)", branch: "main"))
        }
    }

    @Test func missingRevisionIsReported() async throws {
        try await RepositoryFixture.with { fixture in
            try await fixture.commit()
            let gone = String(repeating: "1", count: 40)
            let pin = RepositoryPin(name: fixture.name, revision: .commit(gone), masters: [])
            #expect(
                await fixture.refusal {
                    try await fixture.store.materialize(
                        pin, source: .git(fixture.overlay.string, branch: "main"))
                } == .noRevision)
            #expect(
                await fixture.refusal {
                    try await fixture.store.materialize(
                        pin, source: .git(fixture.path("absent").string, branch: nil))
                } == .fetch)
        }
    }

    @Test func pinnedRevisionSurvivesForcedPushAndGC() async throws {
        try await RepositoryFixture.with { fixture in
            let old = try await fixture.commit()
            let pin = try await fixture.resolve(branch: "main")
            try await fixture.git("checkout", "--quiet", "--orphan=other")
            try fixture.write("EAPI=8\n", "overlay/app-misc/a/a-2.ebuild")
            try await fixture.commit()
            try await fixture.git("branch", "--force", "main", "other")
            #expect(try await fixture.resolve(branch: "main").revision != .commit(old))
            try await fixture.run(
                "git", ["--git-dir=state/repos/local/git", "gc", "--quiet", "--prune=now"])
            try await fixture.run("rm", ["-rf", "overlay"])
            _ = try await fixture.store.materialize(
                pin, source: .git(fixture.overlay.string, branch: "main"))
        }
    }

    @Test func optionsAndRefspecsAreNotBranchNames() async throws {
        try await RepositoryFixture.with { fixture in
            try await fixture.commit()
            for branch in ["--upload-pack=touch", "main:refs/heads/evil", "a..b", "x.lock", ""] {
                #expect(
                    await fixture.refusal { try await fixture.resolve(branch: branch) }
                        == .invalidSource, "\(branch)")
            }
        }
    }

    // MARK: Directories

    @Test func directoryIsPinnedByContent() async throws {
        try await RepositoryFixture.with { fixture in
            let source = RepositorySource.directory(fixture.overlay)
            let pin = try await fixture.store.resolve(name: fixture.name, source: source)
            guard case .content(let digest) = pin.revision else {
                Issue.record("not a content: \(pin.revision)")
                return
            }
            let tree = fixture.path("state/repos/local/sha256-\(digest)/tree")
            #expect(fixture.store.tree(of: fixture.name, pin.revision) == tree)
            #expect(try fixture.read(tree.pushing("app-misc/a/a-1.ebuild")) == "EAPI=8\n")
            // Times, write permissions and git's own files are not part of the content.
            try await fixture.commit()
            try await fixture.run("cp", ["-r", "--no-preserve=all", "overlay", "copy"])
            try await fixture.run("chmod", ["-R", "g+w", "copy"])
            let copy = try await fixture.store.resolve(
                name: fixture.name, source: .directory(fixture.path("copy")))
            #expect(copy == pin)
            #expect(try FileStatus.of(tree.appending(".git")) == nil)
            // The executable bit is.
            try await fixture.run("chmod", ["u+x", "copy/app-misc/a/a-1.ebuild"])
            let changed = try await fixture.store.resolve(
                name: fixture.name, source: .directory(fixture.path("copy")))
            #expect(changed.revision != pin.revision)
        }
    }

    @Test func changedDirectoryDoesNotMatchPin() async throws {
        try await RepositoryFixture.with { fixture in
            let source = RepositorySource.directory(fixture.overlay)
            let pin = try await fixture.store.resolve(name: fixture.name, source: source)
            try fixture.write("EAPI=8\n", "overlay/app-misc/a/a-2.ebuild")
            // The store copied it when it was pinned,
            _ = try await fixture.store.materialize(pin, source: source)
            // so that only a machine without the copy fails.
            try await fixture.store.remove(.init(name: fixture.name, revision: pin.revision))
            #expect(
                await fixture.refusal {
                    try await fixture.store.materialize(pin, source: source)
                } == .contentMismatch)
            #expect(try fixture.store.list().isEmpty)
        }
    }

    @Test func pinnedCommitIsFoundInCheckout() async throws {
        try await RepositoryFixture.with { fixture in
            let id = try await fixture.commit()
            let pin = RepositoryPin(name: fixture.name, revision: .commit(id), masters: [])
            try fixture.write("not committed\n", "overlay/app-misc/a/a-1.ebuild")
            let tree = try await fixture.store.materialize(
                pin, source: .directory(fixture.overlay))
            #expect(try fixture.read(tree.pushing("app-misc/a/a-1.ebuild")) == "EAPI=8\n")
        }
    }

    @Test func otherRepositoryNameIsRefused() async throws {
        try await RepositoryFixture.with { fixture in
            let other = try ZentooName("other")
            let source = RepositorySource.directory(fixture.overlay)
            #expect(
                await fixture.refusal {
                    try await fixture.store.resolve(name: other, source: source)
                } == .otherName)
            try await fixture.commit()
            #expect(
                await fixture.refusal {
                    try await fixture.store.resolve(
                        name: other, source: .git(fixture.overlay.string, branch: nil))
                } == .otherName)
            #expect(
                await fixture.refusal {
                    try await fixture.store.resolve(
                        name: other, source: .directory(fixture.overlay.appending(".git")))
                } == .notARepository)
            #expect(
                await fixture.refusal {
                    try await fixture.store.resolve(
                        name: other, source: .directory(fixture.path("absent")))
                } == .notFound)
            #expect(try fixture.store.list().isEmpty)
        }
    }

    // MARK: Both

    @Test func concurrentCallsMakeOneCopy() async throws {
        try await RepositoryFixture.with { fixture in
            try await fixture.commit()
            async let one = fixture.resolve(branch: "main")
            async let two = fixture.resolve(branch: "main")
            let pins = try await [one, two]
            #expect(Set(pins).count == 1)
            let source = RepositorySource.git(fixture.overlay.string, branch: "main")
            async let first = fixture.store.materialize(pins[0], source: source)
            async let second = fixture.store.materialize(pins[0], source: source)
            #expect(Set(try await [first, second]).count == 1)
            #expect(
                try Directory.names(in: fixture.path("state/repos/local")).map(\.string)
                    == [".git-lock", ".lock", "git", "\(pins[0].revision)"].sorted())
        }
    }

    @Test func depcacheDependsOnRevisions() async throws {
        try await RepositoryFixture.with { fixture in
            func pin(_ name: String, _ digit: String) throws -> RepositoryPin {
                RepositoryPin(
                    name: try ZentooName(name),
                    revision: .commit(String(repeating: digit, count: 40)), masters: [])
            }
            let pins = try [pin("a", "1"), pin("b", "2")]
            let path = try fixture.store.depcache(for: pins)
            #expect(path.removingLastComponent() == fixture.path("state/cache/edb"))
            #expect(try fixture.store.depcache(for: pins.reversed()) == path)
            #expect(try fixture.store.depcache(for: [pin("a", "1")]) != path)
            #expect(try fixture.store.depcache(for: [pin("a", "2"), pin("b", "1")]) != path)
        }
    }
}
