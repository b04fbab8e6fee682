#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import CGit2Start
import Exec
@testable import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct RepositoryTests {
    @Test func repositoryIsDiscoveredFromSubdirectory() async throws {
        try await TemporaryRepository.with { temporary in
            let below = temporary.path.appending("a/b")
            try await Invocation("mkdir", ["-p", below.string]).run().orThrow()
            let repository = try Repository.discover(from: below)
            #expect(repository.gitDirectory.lexicallyNormalized() == temporary.gitDirectory)
            #expect(repository.workingDirectory?.lexicallyNormalized() == temporary.path)
            #expect(!repository.isBare && !repository.isWorktree && !repository.isShallow)
            #expect(try repository.head() == .branch(.branch("main")))
            #expect(try repository.resolve(.head) == nil)
            let error = #expect(throws: GitError.self) {
                try Repository.discover(from: temporary.root, ceilings: [temporary.root])
            }
            #expect(error?.code == .notFound)
            let absent = #expect(throws: GitError.self) { try Repository.open("/no/such") }
            #expect(absent?.message == "'/no/such' does not exist")
        }
    }

    /// Only if libgit2 is built with mbed TLS: with another library it reads no
    /// certificates at start, or reads them differently.
    @Test(.enabled(if: libgit2IsMadeWithMbedTLS(), "libgit2 is not made with mbed TLS"))
    func openReadsNoCertificates() async throws {
        try await TemporaryRepository.with { temporary in
            _ = try Repository.open(temporary.gitDirectory)
            #expect(zentoo_certificates_left_unread() > 0)
        }
    }

    @Test func unsupportedExtensionsAreNamed() async throws {
        for (name, value) in [
            ("objectFormat", "sha256"), ("worktreeConfig", "true"), ("noSuch", "true"),
        ] {
            try await TemporaryRepository.with { temporary in
                for (key, value) in [
                    ("core.repositoryFormatVersion", "1"), ("extensions.\(name)", value),
                ] {
                    try await temporary.git(
                        "config", "--file", temporary.gitDirectory.appending("config").string,
                        key, value)
                }
                if name == "worktreeConfig", LibraryVersion.current.readsWorktreeConfig {
                    #expect(try temporary.open().resolve(.head) == nil)
                    return
                }
                let error = #expect(throws: GitError.self) { try temporary.open() }
                #expect(error?.code == .unsupported)
                #expect(
                    error?.message.lowercased().contains("'extensions.\(name.lowercased())")
                        == true)
                #expect(error?.message.hasSuffix("which libgit2 cannot read") == true)
            }
        }
    }

    @Test(.enabled(if: getuid() == 0, "only root can give a directory away"))
    func foreignRepositoryIsRefusedWithHint() async throws {
        try await TemporaryRepository.with { temporary in
            try await Invocation("chown", ["-R", "65534", temporary.path.string]).run().orThrow()
            let error = #expect(throws: GitError.self) { try temporary.open() }
            #expect(error?.code == .notOwner)
            #expect(
                error?.hints == ["git config --global --add safe.directory '\(temporary.path)'"])
            _ = try Repository.open(temporary.path, trustsOwner: true)
            _ = try Repository.open(
                environment: ["GIT_DIR": ".git"], directory: temporary.path)
            #expect(throws: GitError.self) { try temporary.open() }
        }
    }

    @Test func gitEnvironmentIsHonoured() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let repository = try Repository.open(
                environment: ["GIT_DIR": "repository/.git", "GIT_WORK_TREE": "."],
                directory: temporary.root)
            #expect(try repository.resolve(.head) == commit)
            #expect(repository.workingDirectory?.lexicallyNormalized() == temporary.root)
        }
    }

    @Test(arguments: [
        ("/a:/b/c", ["/a", "/b/c"]),
        ("", []),
        (#""/with:colon":/b"#, ["/with:colon", "/b"]),
        (#""/a \"quote\" and \303\244\t":/b"#, ["/a \"quote\" and \u{e4}\t", "/b"]),
        (#""/open"#, [#""/open"#]),
        (#""/octal\8":/b"#, [#""/octal\8""#, "/b"]),
    ])
    func quotedAlternatesAreParsed(list: String, paths: [String]) {
        #expect(QuotedPathList(list).paths.map(\.string) == paths)
    }

    @Test func quarantineIsReadableAndRefsAreReadOnly() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let quarantine = temporary.root.appending("quarantine")
            try await Invocation("mkdir", [quarantine.string]).run().orThrow()
            let environment = [
                "GIT_DIR": temporary.gitDirectory.string,
                "GIT_OBJECT_DIRECTORY": quarantine.string,
                "GIT_QUARANTINE_PATH": quarantine.string,
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": temporary.gitDirectory.appending("objects")
                    .string,
            ]
            let repository = try Repository.open(
                environment: environment, directory: temporary.root)
            let blob = try repository.writeBlob("pushed".utf8)
            #expect(try repository.exists(commit))
            #expect(try repository.exists(blob))
            #expect(try !temporary.open().exists(blob))
            let error = #expect(throws: GitError.self) {
                try repository.set(.branch("x"), to: commit, expecting: .absent)
            }
            #expect(error?.code == .unsupported)
            #expect(throws: GitError.self) { try repository.delete(.branch("main")) }
            #expect(throws: GitError.self) {
                try repository.transaction([
                    RefChange(.branch("x"), to: commit, expecting: .absent)
                ])
            }
            #expect(throws: GitError.self) {
                try repository.appendNotes(
                    .notes("x"), lines: [commit: ["x"]], author: TemporaryRepository.signature,
                    message: "x")
            }
        }
    }

    @Test func revisionsAreParsed() async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1"])
            let two = try temporary.commit(files: ["a": "2"])
            let repository = try temporary.open()
            #expect(try repository.parse("main~1") == one)
            #expect(try repository.parse(String("\(two)".prefix(12))) == two)
            #expect(try repository.parse("main:a").map { try repository.blob($0) } == [0x32])
            #expect(try repository.parse("no-such") == nil)
            #expect(throws: GitError.self) { try repository.parse("main..") }
            let short = try repository.abbreviation(of: two)
            #expect(short.count >= 7 && "\(two)".hasPrefix(short))
            #expect(try repository.kind(of: two) == .commit)
            #expect(try repository.kind(of: .zero) == nil)
            let error = #expect(throws: GitError.self) { try repository.commit(.zero) }
            #expect(error?.code == .notFound)
        }
    }

    @Test func historyIsWalked() async throws {
        try await TemporaryRepository.with { temporary in
            let one = try temporary.commit(files: ["a": "1", "b": "1"], message: "one\n\nmore")
            let two = try temporary.commit(files: ["a": "2", "b": "1"])
            let three = try temporary.commit(files: ["a": "2", "b": "2"])
            let side = try temporary.commit(files: ["c": "1"], on: "side")
            let repository = try temporary.open()
            let walk = { (path: TreePath?, excluded: [ObjectID], limit: Int) in
                try repository.commits(
                    reachableFrom: [three], excluding: excluded, touching: path, limit: limit
                ).map(\.id)
            }
            #expect(try walk(nil, [], 9) == [three, two, one])
            #expect(try walk(nil, [one], 9) == [three, two])
            #expect(try walk("a", [], 9) == [two, one])
            #expect(try walk("b", [], 1) == [three])
            #expect(try repository.commit(one).subject == "one")
            #expect(try repository.mergeBase(two, three) == two)
            #expect(try repository.mergeBase(three, side) == nil)
            #expect(try repository.isAncestor(one, of: three))
            #expect(try repository.isAncestor(three, of: three))
            #expect(try !repository.isAncestor(three, of: one))
            #expect(throws: GitError.self) { try repository.mergeBase(.zero, side) }
        }
    }

    @Test func shallowHistoryIsReported() async throws {
        try await TemporaryRepository.with { temporary in
            try temporary.commit(files: ["a": "1"])
            let two = try temporary.commit(files: ["a": "2"])
            let clone = temporary.root.appending("clone")
            try await temporary.git(
                "clone", "--quiet", "--depth=1", "file://\(temporary.path)", clone.string)
            let repository = try Repository.open(clone)
            #expect(repository.isShallow)
            if LibraryVersion.current.walksShallowHistories {
                #expect(try repository.commits(reachableFrom: [two]).map(\.id) == [two])
                #expect(
                    try repository.commits(reachableFrom: [two], touching: "a").map(\.id)
                        == [two])
                return
            }
            let error = #expect(throws: GitError.self) {
                try repository.commits(reachableFrom: [two])
            }
            #expect(error?.code == .unsupported)
            #expect(error?.hints == ["git fetch --unshallow"])
        }
    }
}

private func libgit2IsMadeWithMbedTLS() -> Bool {
    guard let maps = fopen("/proc/self/maps", "r") else { return false }
    defer { fclose(maps) }
    var line = [CChar](repeating: 0, count: 8192)
    while fgets(&line, Int32(line.count), maps) != nil {
        if strstr(line, "/libmbedx509.") != nil { return true }
    }
    return false
}
