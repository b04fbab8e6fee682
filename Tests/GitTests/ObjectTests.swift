import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct ObjectTests {
    @Test func objectIDsMatchGit() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let blob = try repository.writeBlob("hello\n".utf8)
            #expect("\(blob)" == "ce013625030ba8dba906f756967f9e9ca394464a")
            #expect(try ObjectID(ofBlob: "hello\n".utf8) == blob)
            let tree = try repository.editTree(
                base: nil,
                [
                    .put("b/file", .file, blob), .put("a-b", .executable, blob),
                    .put("a", .symlink, blob), .put("b.c", .file, blob),
                    .put("b/deep/er", .file, blob),
                ])
            for (mode, path) in [
                ("100644", "b/file"), ("100755", "a-b"), ("120000", "a"), ("100644", "b.c"),
                ("100644", "b/deep/er"),
            ] {
                try await temporary.git(
                    "update-index", "--add", "--cacheinfo", "\(mode),\(blob),\(path)")
            }
            let written = try await temporary.git("write-tree")
            #expect("\(tree)" == written)
            let first = try repository.createCommit(
                tree: tree, parents: [], author: TemporaryRepository.signature, message: "one")
            let firstByGit = try await temporary.git("commit-tree", "-m", "one", written)
            #expect("\(first)" == firstByGit)
            // git drops a parent that is named twice.
            let second = try repository.createCommit(
                tree: tree, parents: [first, first], author: TemporaryRepository.signature,
                message: "two")
            let secondByGit = try await temporary.git(
                "commit-tree", "-p", "\(first)", "-m", "two", written)
            #expect("\(second)" == secondByGit)
            #expect(try repository.commit(second).parents == [first])
            #expect(
                try await temporary.git.checkIntegrity(gitDirectory: temporary.gitDirectory) == [])
        }
    }

    @Test func objectsInMemoryAreNotStored() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let stored = try repository.writeBlob("stored\n".utf8)
            let memory = try repository.withObjectsInMemory()
            let blob = try memory.writeBlob("hello\n".utf8)
            let tree = try memory.editTree(
                base: nil, [.put("new", .file, blob), .put("old", .file, stored)])
            let commit = try memory.createCommit(
                tree: tree, parents: [], author: TemporaryRepository.signature, message: "one")
            #expect(
                try memory.blob(in: memory.tree(ofCommit: commit), "new") == Array("hello\n".utf8))
            #expect(try memory.blob(in: tree, "old") == Array("stored\n".utf8))
            for id in [blob, tree, commit] { #expect(try !repository.exists(id)) }
            let error = #expect(throws: GitError.self) {
                try memory.set(RefName.branch("main"), to: commit, expecting: .absent)
            }
            #expect(error?.code == .unsupported)
            #expect(try repository.resolve(RefName.branch("main")) == nil)
        }
    }

    @Test func idHasFortyHexDigits() throws {
        let text = "00ff10a0e60db4a8c9bc5d4f3a6e0c0b7d6cabcd"
        let id = try #require(ObjectID(hex: text))
        #expect("\(id)" == text)
        #expect(ObjectID(hex: "00ff") == nil)
        #expect(ObjectID(hex: text.dropLast() + "g") == nil)
        #expect("\(ObjectID.emptyTree)" == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
        #expect(ObjectID.zero < id && id < ObjectID.emptyTree)
        #expect(ObjectID.zero.isZero && !id.isZero)
    }
}
