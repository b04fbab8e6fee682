import Exec
import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct WorktreeTests {
    @Test(arguments: [false, true])
    func branchIsCheckedOutUnfiltered(bare: Bool) async throws {
        try await TemporaryRepository.with(bare: bare) { temporary in
            let files = [".gitattributes": "* text eol=crlf ident\n", "a": "$Id$\n"]
            try temporary.commit(files: files)
            let commit = try temporary.commit(files: files, on: "root/web")
            let repository = try temporary.open()
            let path = temporary.root.appending("web")
            let made = try repository.addWorktree(
                name: "web", path: path, branch: .branch("root/web"))
            #expect(made.path == path && made.isValid && !made.isLocked)
            #expect(try repository.worktrees() == [made])
            let linked = try Repository.discover(from: path)
            #expect(linked.isWorktree)
            #expect(try linked.head() == .branch(.branch("root/web")))
            #expect(linked.commonDirectory.lexicallyNormalized() == temporary.gitDirectory)
            let content = try await Invocation("cat", [path.appending("a").string]).run()
            #expect(content.text == "$Id$")
            let list = try await temporary.git("worktree", "list", "--porcelain")
            #expect(list.contains("worktree \(path)\nHEAD \(commit)\nbranch refs/heads/root/web"))
            expectConflict {
                try repository.addWorktree(
                    name: "web", path: path.appending("x"), branch: .branch("main"))
            }
            expectConflict {
                try repository.addWorktree(name: "two", path: path, branch: .branch("main"))
            }
            let twice = #expect(throws: GitError.self) {
                try repository.addWorktree(
                    name: "two", path: temporary.root.appending("two"), branch: .branch("root/web"))
            }
            #expect(twice?.code == .invalid)
            #expect(try repository.worktrees() == [made])
            #expect(try repository.removeWorktree("web"))
            #expect(try !repository.removeWorktree("web"))
            #expect(try repository.worktrees() == [])
            #expect(try repository.resolve(.branch("root/web")) == commit)
        }
    }

    @Test func failedAddLeavesNothing() async throws {
        try await TemporaryRepository.with { temporary in
            try temporary.commit(files: ["a": "1"], on: "root/web")
            let repository = try temporary.open()
            let nowhere = temporary.root.appending("no/such/web")
            #expect(throws: GitError.self) {
                try repository.addWorktree(name: "web", path: nowhere, branch: .branch("root/web"))
            }
            try repository.addWorktree(
                name: "web", path: temporary.root.appending("web"), branch: .branch("root/web"))
            #expect(throws: GitError.self) {
                try repository.addWorktree(
                    name: "a/b", path: temporary.root.appending("x"), branch: .branch("root/web"))
            }
        }
    }

    /// libgit2 alone would check out at the old location.
    @Test func movedWorktreeIsDetected() async throws {
        try await TemporaryRepository.with { temporary in
            try temporary.commit(files: ["a": "1"], on: "root/web")
            let (old, new) = (temporary.root.appending("old"), temporary.root.appending("new"))
            try temporary.open().addWorktree(name: "web", path: old, branch: .branch("root/web"))
            try await Invocation("mv", [old.string, new.string]).run().orThrow()
            for open in [{ try Repository.discover(from: new) }, { try Repository.open(new) }] {
                let error = #expect(throws: GitError.self) { try open() }
                #expect(error?.hints == ["git worktree repair '\(new)'"])
            }
            try await temporary.git("worktree", "repair", new.string)
            let repository = try Repository.open(new)
            #expect(repository.workingDirectory?.lexicallyNormalized() == new)
        }
    }

    @Test func worktreesAreAddedConcurrently() async throws {
        try await TemporaryRepository.with { temporary in
            for index in 0..<6 { try temporary.commit(files: ["a": "1"], on: "root/\(index)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<6 {
                    group.addTask {
                        _ = try temporary.open().addWorktree(
                            name: "\(index)", path: temporary.root.appending("\(index)"),
                            branch: .branch("root/\(index)"))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try temporary.open().worktrees().count == 6)
        }
    }
}
