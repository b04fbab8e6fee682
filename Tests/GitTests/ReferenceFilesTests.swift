import Git
import SystemPackage
import TestSupport
import Testing

/// References are read from their files without libgit2; the results must equal
/// git's.
@Suite struct ReferenceFilesTests {
    private static let prefixes = [
        "refs/", "refs/heads/", "refs/heads/portage/", "refs/heads/portage", "refs/tags/zentoo",
        "refs/tags/zentoo/", "refs/tags/zentoo/main/a", "refs/notes/", "refs/none/",
        "refs/zentoo/x/y/z/",
    ]

    /// Names that sort before, at and after each other.
    private static func names(_ count: Int) -> [String] {
        (0..<count).map { number in
            switch number % 4 {
            case 0: "refs/tags/zentoo/main/a-\(number)"
            case 1: "refs/tags/zentoo-stage/\(number)/x"
            case 2: "refs/heads/portage/site\(number)"
            default:
                "refs/zentoo/latest/main/" + String(repeating: "long", count: number % 60)
                    + "\(number)"
            }
        }
    }

    private func expectSameAsGit(_ temporary: TemporaryRepository) async throws {
        let repository = try temporary.open()
        let lines = try await temporary.git("for-each-ref", "--format=%(objectname) %(refname)")
            .split(separator: "\n")
        let all = lines.map { String($0.dropFirst(41)) }
        for (line, name) in zip(lines, all) {
            let id = try repository.resolve(RefName(name))
            #expect(id?.description == String(line.prefix(40)), "\(name)")
            #expect(try repository.resolve(RefName(name + "-")) == nil)
        }
        for prefix in Self.prefixes {
            let found = try repository.references(under: prefix)
                .map { "\($0.id) \($0.name)" }.sorted()
            #expect(
                found
                    == lines.filter { $0.dropFirst(41).hasPrefix(prefix) }.map(String.init).sorted()
            )
        }
    }

    private func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    @Test(arguments: [0, 1, 2, 3, 400])
    func packedAndLooseReferencesMatchGit(count: Int) async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"])
            let two = try temporary.commit(files: ["a": "2"], on: "other")
            let names = Self.names(count)
            try await temporary.git(
                "update-ref", "--stdin",
                input: Array(names.map { "create \($0) \(one)\n" }.joined().utf8))
            // An annotated tag adds a line to packed-refs: the peeled object.
            try await temporary.git("tag", "--annotate", "-m", "of a build", "zentoo/main/tag")
            try await temporary.git("pack-refs", "--all")
            try await expectSameAsGit(temporary)
            try await temporary.git(
                "update-ref", "--stdin",
                input: Array(
                    (names.enumerated().filter { $0.offset % 3 == 0 }
                        .map { "update \($0.element) \(two)\n" }.joined()
                        + "create refs/tags/zenton \(two)\n").utf8))
            try await temporary.git("symbolic-ref", "refs/heads/portage/link", "refs/heads/other")
            try await expectSameAsGit(temporary)
        }
    }

    /// As a person or an old git writes it.
    @Test(arguments: ["# pack-refs with: peeled \n", ""])
    func unsortedPackedRefsAreRead(header: String) async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"])
            let lines = Self.names(50).reversed().map { "\(one) \($0)\n" }.joined()
            try write(header + lines, to: temporary.gitDirectory.appending("packed-refs"))
            try await expectSameAsGit(temporary)
        }
    }

    @Test func danglingReferenceIsNil() async throws {
        try await TemporaryRepository.with { temporary in
            try temporary.commit(files: ["a": "1"])
            try await temporary.git("symbolic-ref", "refs/heads/a", "refs/heads/b")
            let repository = try temporary.open()
            #expect(try repository.resolve(.branch("a")) == nil)
            try await temporary.git("symbolic-ref", "refs/heads/b", "refs/heads/a")
            #expect(throws: GitError.self) { try repository.resolve(.branch("a")) }
            try write("nonsense\n", to: temporary.gitDirectory.appending("refs/heads/broken"))
            #expect(throws: GitError.self) { try repository.resolve(.branch("broken")) }
        }
    }

    /// Listing the references would otherwise read the empty directories forever.
    @Test func deletedReferenceLeavesNoDirectory() async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"])
            let repository = try temporary.open()
            let name = try RefName("refs/zentoo/building/main/tuple/1")
            for isPacked in [false, true] {
                try repository.set(name, to: one, expecting: .absent)
                if isPacked { try await temporary.git("pack-refs", "--all") }
                try repository.delete(name, expecting: .value(one))
                #expect(throws: Errno.noSuchFileOrDirectory) {
                    try FileDescriptor.open(
                        temporary.gitDirectory.appending("refs/zentoo/building/main/tuple"),
                        .readOnly
                    ).close()
                }
            }
        }
    }

    /// One writer removes a directory while another is about to write into it.
    @Test func concurrentDirectoryRemovalLosesNothing() async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        let repository = try temporary.open()
                        let name = try RefName("refs/zentoo/building/main/tuple/\(writer)")
                        for _ in 0..<100 {
                            try repository.set(name, to: one, expecting: .absent)
                            try repository.delete(name, expecting: .value(one))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(throws: Errno.noSuchFileOrDirectory) {
                try FileDescriptor.open(
                    temporary.gitDirectory.appending("refs/zentoo/building/main/tuple"), .readOnly
                ).close()
            }
        }
    }
}
