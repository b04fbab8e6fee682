import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct NotesTests {
    private static func notes() throws -> RefName { try .notes("zentoo") }

    @Test func gitReadsOurNotes() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let repository = try temporary.open()
            let tree = try repository.tree(ofCommit: commit)
            let notes = try Self.notes()
            let first = try append(repository, [commit: ["b", "a"], tree: ["t"]])
            #expect(try append(repository, [commit: ["a"]]) == first)
            try append(repository, [commit: ["c", "a"]])
            #expect(
                try await temporary.git("notes", "--ref=zentoo", "show", "\(commit)") == "b\na\nc")
            #expect(try await temporary.git("notes", "--ref=zentoo", "show", "\(tree)") == "t")
            #expect(try repository.readNote(notes, on: tree) == Array("t\n".utf8))
            #expect(try repository.readNote(notes, on: .zero) == nil)
            #expect(try repository.readNote(.notes("none"), on: tree) == nil)
            let log = try await temporary.git("log", "--format=%s", "\(notes)")
            #expect(log == "record\nrecord")
            // At least one directory level, so that adding a note rewrites a small tree.
            let paths = try await temporary.git("ls-tree", "-r", "--name-only", "\(notes)")
            #expect(paths.split(separator: "\n").allSatisfy { $0.utf8.count == 41 })
            #expect(
                try await temporary.git.checkIntegrity(gitDirectory: temporary.gitDirectory) == [])
        }
    }

    @Test(arguments: [0, 1, 2])
    func gitNoteLayoutsAreReadAndKept(levels: Int) async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            // The second id has the same leading digits as the first, so it shares its
            // directories.
            let ids = try ["abcdef0000", "abcdff0000", "ab00000000", "1200000000"].map {
                try #require(ObjectID(hex: $0 + String(repeating: "7", count: 30)))
            }
            try repository.set(
                Self.notes(), to: makeNotes(repository, on: ids.dropLast(), levels: levels),
                expecting: .absent)
            for id in ids.dropLast() {
                #expect(try repository.readNote(Self.notes(), on: id) == Array("old \(id)\n".utf8))
            }
            try append(
                repository, [ids[0]: ["new"], ids[3]: ["new"]])
            for (id, wanted) in [
                (ids[0], "old \(ids[0])\nnew"), (ids[1], "old \(ids[1])"),
                (ids[2], "old \(ids[2])"), (ids[3], "new"),
            ] {
                #expect(try await temporary.git("notes", "--ref=zentoo", "show", "\(id)") == wanted)
                #expect(
                    try repository.readNote(Self.notes(), on: id) == Array("\(wanted)\n".utf8))
            }
            #expect(try repository.notes(Self.notes()).map(\.object) == ids.sorted())
            let paths = try await temporary.git("ls-tree", "-r", "--name-only", "refs/notes/zentoo")
            #expect(paths.split(separator: "\n").count == ids.count)
            #expect(
                try await temporary.git.checkIntegrity(gitDirectory: temporary.gitDirectory) == [])
        }
    }

    /// libgit2 alone would not see a flat note next to its directory.
    @Test func flatAndFannedOutNotesAreMerged() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let id = try #require(ObjectID(hex: "ab" + String(repeating: "1", count: 38)))
            let hex = "\(id)"
            let flat = try repository.writeBlob("flat\nboth\n".utf8)
            let deep = try repository.writeBlob("both\ndeep\n".utf8)
            let tree = try repository.editTree(
                base: nil,
                [
                    .put(TreePath(hex), .file, flat),
                    .put(TreePath("ab/" + hex.dropFirst(2)), .file, deep),
                ])
            let commit = try repository.createCommit(
                tree: tree, parents: [], author: TemporaryRepository.signature, message: "mixed")
            try repository.set(Self.notes(), to: commit, expecting: .absent)
            let joined = try #require(try repository.readNote(Self.notes(), on: id))
            #expect(lines(joined) == ["flat", "both", "deep"])
            try append(repository, [id: ["new"]])
            let paths = try await temporary.git("ls-tree", "-r", "--name-only", "refs/notes/zentoo")
            #expect(paths == "ab/" + hex.dropFirst(2))
            let now = try #require(try repository.readNote(Self.notes(), on: id))
            #expect(Set(lines(now)) == ["flat", "both", "deep", "new"])
            #expect(lines(now).count == 4)
        }
    }

    /// git_note_create loses more than half of these notes.
    @Test func concurrentWritersLoseNothing() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let other = try temporary.commit(files: ["a": "2"])
            let (writers, rounds) = (4, 15)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        let repository = try temporary.open()
                        for round in 0..<rounds {
                            try append(
                                repository,
                                [commit: ["\(writer) \(round)"], other: ["\(writer).\(round)"]])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let repository = try temporary.open()
            for id in [commit, other] {
                let note = try #require(try repository.readNote(Self.notes(), on: id))
                #expect(Set(lines(note)).count == writers * rounds)
            }
            let count = try await temporary.git("rev-list", "--count", "refs/notes/zentoo")
            #expect(count == "\(writers * rounds)")
        }
    }

    @Test func linesOfTwoRepositoriesAreMerged() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let repository = try temporary.open()
            try append(repository, [commit: ["b", "d"]])
            try repository.appendNotes(
                .notes("theirs"), lines: [commit: ["a", "b"]],
                author: TemporaryRepository.signature, message: "record")
            func merge(_ source: RefName, _ target: RefName) throws -> Bool {
                try repository.mergeNotes(
                    source, into: target, author: TemporaryRepository.signature, message: "merge")
            }
            #expect(try merge(.notes("theirs"), Self.notes()))
            let note = try #require(try repository.readNote(Self.notes(), on: commit))
            #expect(lines(note).sorted() == ["a", "b", "d"])
            // The second merge is a no-op, and git agrees that the refs are merged.
            #expect(try !merge(.notes("theirs"), Self.notes()))
            let git = try await temporary.git(
                "notes", "--ref=zentoo", "merge", "-s", "cat_sort_uniq", "theirs")
            #expect(git.contains("Already up to date"))
            // The other direction is a fast-forward.
            #expect(try merge(Self.notes(), .notes("theirs")))
            #expect(try repository.resolve(.notes("theirs")) == repository.resolve(Self.notes()))
            // Merging a missing ref changes nothing; merging into a missing ref copies.
            #expect(try !merge(.notes("none"), Self.notes()))
            #expect(try merge(Self.notes(), .notes("new")))
        }
    }

    /// git's own notes merge moves the reference without comparing its old value.
    @Test func mergeLosesNothingWhileOthersWrite() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let rounds = 12
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let repository = try temporary.open()
                    for round in 0..<rounds {
                        try append(repository, [commit: ["ours \(round)"]])
                    }
                }
                group.addTask {
                    let repository = try temporary.open()
                    for round in 0..<rounds {
                        try repository.appendNotes(
                            .notes("theirs"), lines: [commit: ["theirs \(round)"]],
                            author: TemporaryRepository.signature, message: "record")
                        try repository.mergeNotes(
                            .notes("theirs"), into: Self.notes(),
                            author: TemporaryRepository.signature, message: "merge")
                    }
                }
                try await group.waitForAll()
            }
            let note = try #require(
                try temporary.open().readNote(Self.notes(), on: commit))
            #expect(Set(lines(note)).count == 2 * rounds)
        }
    }

    @Test func emptyAndMultilineLinesAreRefused() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            for line in ["", "a\nb"] {
                #expect(throws: GitError.self) { try append(repository, [.zero: [line]]) }
            }
        }
    }

    @Test func concurrentTreeUpdatesLoseNothing() async throws {
        try await TemporaryRepository.with { temporary in
            let name = try RefName("refs/zentoo/whence")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        let repository = try temporary.open()
                        for round in 0..<10 {
                            let blob = try repository.writeBlob("\(writer) \(round)".utf8)
                            try repository.updateTreeReference(name) { tree in
                                try repository.editTree(
                                    base: tree,
                                    [.put(TreePath("\(round)/\(writer)"), .file, blob)])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let files = try await temporary.git("ls-tree", "-r", "--name-only", "\(name)")
            #expect(files.split(separator: "\n").count == 40)
        }
    }

    @discardableResult
    private func append(_ repository: Repository, _ lines: [ObjectID: [String]]) throws -> ObjectID?
    {
        try repository.appendNotes(
            Self.notes(), lines: lines, author: TemporaryRepository.signature, message: "record")
    }

    private func lines(_ note: [UInt8]) -> [String] {
        String(decoding: note, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func makeNotes(
        _ repository: Repository, on ids: some Sequence<ObjectID>, levels: Int
    ) throws -> ObjectID {
        let changes = try ids.map { id in
            var path = ""
            var rest = "\(id)"[...]
            for _ in 0..<levels {
                path += rest.prefix(2) + "/"
                rest = rest.dropFirst(2)
            }
            return TreeChange.put(
                TreePath(path + rest), .file, try repository.writeBlob("old \(id)\n".utf8))
        }
        return try repository.createCommit(
            tree: repository.editTree(base: nil, changes), parents: [],
            author: TemporaryRepository.signature, message: "by git")
    }
}
