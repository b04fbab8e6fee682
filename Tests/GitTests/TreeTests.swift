import Git
import TestSupport
import Testing

@Suite struct TreeTests {
    @Test func editChangesOnlyNamedPaths() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let one = try repository.writeBlob("1".utf8)
            let two = try repository.writeBlob("2".utf8)
            let base = try repository.editTree(
                base: nil, [.put("a/b/c", .file, one), .put("d", .file, one)])
            let inner = try #require(try repository.entry(in: base, "a"))
            let moved = try repository.editTree(
                base: base,
                [
                    .remove("a/b/c"), .remove("not/there"), .put("e/f", .tree, inner.id),
                    .put("e/f/x", .symlink, two), .put("d", .executable, two),
                ])
            #expect(try repository.entry(in: moved, "a") == nil)
            #expect(try repository.blob(in: moved, "e/f/b/c") == [UInt8(ascii: "1")])
            #expect(try repository.entry(in: moved, "e/f/x")?.mode == .symlink)
            #expect(try repository.entry(in: moved, "d") == TreeEntry("d", .executable, two))
            #expect(try repository.entry(in: moved, "d/below") == nil)
            #expect(try repository.blob(in: moved, "e/f") == nil)
            #expect(
                try repository.editTree(base: base, [.remove("a"), .remove("d")]) == .emptyTree)
            #expect(try repository.editTree(base: base, []) == base)
            // A directory replaces a file if the file is removed first.
            let replaced = try repository.editTree(
                base: base, [.remove("d"), .put("d/x", .file, two)])
            #expect(try repository.entry(in: replaced, "d")?.mode == .tree)
            expectConflict {
                _ = try repository.editTree(base: base, [.put("d/x", .file, two)])
            }
            let below = try repository.editTree(base: base, [.remove("d/x")])
            #expect(below == base)
        }
    }

    @Test func namesAreReadFromEndUntilStopped() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let blob = try repository.writeBlob("1".utf8)
            let tree = try repository.editTree(
                base: nil, ["a", "b", "c"].map { .put(TreePath($0), .file, blob) })
            func names(_ id: ObjectID, _ count: Int) throws -> [String] {
                var names: [String] = []
                try repository.eachNameFromEnd(of: id) { name in
                    names.append(String(decoding: name, as: UTF8.self))
                    return names.count < count
                }
                return names
            }
            #expect(try names(tree, 2) == ["c", "b"])
            #expect(try names(tree, 9) == ["c", "b", "a"])
            #expect(try names(.emptyTree, 9) == [])
        }
    }

    @Test(arguments: ["", "a//b", "/a", "a/", ".git/config", "a/.GIT", "a/..", "./a"])
    func pathsGitRefusesAreRefused(path: String) async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let blob = try repository.writeBlob("1".utf8)
            #expect(throws: GitError.self) {
                try repository.editTree(base: nil, [.put(TreePath(path), .file, blob)])
            }
        }
    }

    @Test func writtenObjectsMustExist() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let absent = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
            #expect(throws: GitError.self) {
                try repository.writeTree([TreeEntry("a", .file, absent)])
            }
            let blob = try repository.writeBlob("1".utf8)
            #expect(throws: GitError.self) {
                try repository.writeTree([
                    TreeEntry("a", .file, blob), TreeEntry("a", .executable, blob),
                ])
            }
            #expect(throws: GitError.self) {
                try repository.createCommit(
                    tree: blob, parents: [], author: TemporaryRepository.signature, message: "x")
            }
            #expect(try repository.writeTree([TreeEntry("a", .tree, .emptyTree)]) == .emptyTree)
        }
    }

    @Test func namesAreBytes() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let blob = try repository.writeBlob("1".utf8)
            let names: [[UInt8]] = [[0xff, 0xfe], Array("a\nb".utf8), Array(#"+@~:=\ "#.utf8)]
            let tree = try repository.writeTree(
                names.map { TreeEntry(name: $0, mode: .file, id: blob) })
            #expect(Set(try repository.tree(tree).map(\.name)) == Set(names))
            for name in names {
                #expect(try repository.entry(in: tree, TreePath(bytes: name))?.id == blob)
            }
            #expect(
                try await temporary.git.checkIntegrity(gitDirectory: temporary.gitDirectory) == [])
        }
    }

    @Test func diffMatchesGit() async throws {
        try await TemporaryRepository.with { temporary in
            let old = try temporary.commit(files: ["a": "1", "b/c": "1", "same/x": "1", "d": "1"])
            let new = try temporary.commit(
                files: ["a": "2", "b": "1", "same/x": "1", "d/e": "1", "f-g": "1"])
            let repository = try temporary.open()
            let deltas = try repository.diffTrees(
                repository.tree(ofCommit: old), repository.tree(ofCommit: new))
            let ours = deltas.map { delta in
                let status = delta.old == nil ? "A" : delta.new == nil ? "D" : "M"
                return "\(status)\t\(delta.path)"
            }
            let gits = try await temporary.git(
                "diff-tree", "-r", "--no-renames", "--name-status", "\(old)", "\(new)")
            #expect(ours.sorted() == gits.split(separator: "\n").map(String.init).sorted())
            let tree = try repository.tree(ofCommit: new)
            #expect(try repository.diffTrees(tree, tree) == [])
            #expect(try repository.diffTrees(nil, tree).count == 5)
        }
    }

    @Test func mergeKeepsBothSidesOrNamesConflicts() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            func tree(_ files: [String: String], on branch: String) throws -> ObjectID {
                try repository.tree(ofCommit: temporary.commit(files: files, on: branch))
            }
            let text = "1\n2\n3\n4\n5\n6\n7\n8\n"
            let base = try tree(["a": text, "b": "1"], on: "base")
            let ours = try tree(["a": "0\n" + text, "b": "1", "c": "1"], on: "ours")
            let theirs = try tree(["a": text + "9\n"], on: "theirs")
            let merged = try tree(["a": "0\n" + text + "9\n", "c": "1"], on: "merged")
            #expect(
                try repository.mergeTrees(base: base, ours: ours, theirs: theirs) == .merged(merged)
            )
            let other = try tree(["a": "x\n" + text, "b": "2"], on: "other")
            #expect(
                try repository.mergeTrees(base: base, ours: ours, theirs: other)
                    == .conflicts(["a"]))
            #expect(
                try repository.mergeTrees(base: nil, ours: ours, theirs: .emptyTree)
                    == .merged(ours))
        }
    }
}
