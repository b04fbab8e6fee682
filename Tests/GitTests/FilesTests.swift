#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Git
import SystemPackage
import TestSupport
import Testing

@Suite struct FilesTests {
    @Test func importAndExportRoundTrip() async throws {
        try await TemporaryRepository.with { temporary in
            let source = temporary.root.appending("source")
            try await makeSource(source, temporary)
            let repository = try temporary.open()
            let (tree, report) = try repository.importDirectory(source)
            let target = temporary.root.appending("target")
            try repository.export(tree: tree, to: target, modificationTime: 1_000_000_000)
            let (again, _) = try repository.importDirectory(target)
            #expect(again == tree)
            #expect(try read(target.appending("crlf.txt")) == Array("a\r\nb\r\n".utf8))
            #expect(try mode(target.appending("crlf.txt")) == 0o644)
            #expect(try mode(target.appending("run")) == 0o755)
            #expect(try mode(target.appending("dir")) == 0o755)
            let odd = FilePath(platformString: [CChar(bitPattern: 0xff), 10, 0])
            #expect(try status(target.pushing(odd)).st_mtim.tv_sec == 1_000_000_000)
            #expect(try status(target.appending("link")).st_mode & S_IFMT == S_IFLNK)
            #expect(try status(target.appending("link")).st_mtim.tv_sec == 1_000_000_000)
            #expect(try status(target.appending("dir")).st_mtim.tv_sec == 1_000_000_000)
            let losses = report.losses.filter {
                if case .owner = $0.loss { false } else { true }
            }
            #expect(
                Set(losses.map { "\($0.path) \($0.loss)" }) == [
                    "dir mode(448)", "empty emptyDirectory", "fifo special",
                    "nested/.git nestedRepository", "private mode(384)", "suid mode(2541)",
                    "git~1 refusedName", "nested emptyDirectory",
                ])
            #expect(report.files == 9)
            try repository.set(
                .branch("x"),
                to: repository.createCommit(
                    tree: tree, parents: [], author: TemporaryRepository.signature, message: "x"),
                expecting: .absent)
            let complaints = try await temporary.git.checkIntegrity(
                gitDirectory: temporary.gitDirectory)
            #expect(complaints == [])
        }
    }

    /// Creates a directory with filter, attribute and ignore files, which must not
    /// change or hide a byte.
    private func makeSource(_ source: FilePath, _ temporary: TemporaryRepository) async throws {
        try makeDirectory(source)
        for (name, mode): (String, mode_t) in [
            ("dir", 0o700), ("empty", 0o755), ("nested", 0o755), ("nested/.git", 0o755),
        ] {
            try makeDirectory(source.appending(name), mode)
        }
        let files: [(FilePath, String, mode_t)] = [
            ("crlf.txt", "a\r\nb\r\n", 0o644),
            (".gitattributes", "* text=auto eol=lf ident\n", 0o644),
            (".gitignore", "*\n", 0o644), ("run", "#!/bin/sh\n", 0o755), ("dir/file", "x", 0o644),
            ("private", "x", 0o600), ("suid", "x", 0o4755),
            (FilePath(platformString: [CChar(bitPattern: 0xff), 10, 0]), "x", 0o644),
            ("nested/.git/config", "", 0o644), ("git~1", "x", 0o644),
        ]
        for (name, content, mode) in files {
            try write(content, to: source.pushing(name), mode)
        }
        try link("/nowhere", source.appending("link"))
        #expect(source.appending("fifo").withPlatformString { mkfifo($0, 0o644) } == 0)
    }

    @Test func filterExcludesPaths() async throws {
        try await TemporaryRepository.with { temporary in
            let source = temporary.root.appending("source")
            try makeDirectory(source)
            try makeDirectory(source.appending("no"))
            try write("x", to: source.appending("no/file"))
            try write("x", to: source.appending("yes"))
            let repository = try temporary.open()
            let (tree, _) = try repository.importDirectory(source) { path, kind in
                !(path == "no" && kind == .directory)
            }
            #expect(try repository.tree(tree).map(\.text) == ["yes"])
            try makeDirectory(temporary.root.appending("nothing"))
            let (empty, _) = try repository.importDirectory(temporary.root.appending("nothing"))
            #expect(empty == .emptyTree)
        }
    }

    @Test func exportOverwritesNothing() async throws {
        try await TemporaryRepository.with { temporary in
            let repository = try temporary.open()
            let blob = try repository.writeBlob("evil".utf8)
            let outside = temporary.root.appending("outside")
            try makeDirectory(outside)
            let tree = try repository.editTree(base: nil, [.put("a", .file, blob)])
            for existing in ["directory", "link", "dangling"] {
                let target = temporary.root.appending(existing)
                switch existing {
                case "directory": try makeDirectory(target)
                case "link": try link(outside.string, target)
                default: try link("/nowhere/at/all", target)
                }
                expectConflict { try repository.export(tree: tree, to: target) }
            }
            #expect(try names(outside) == [])
            // A tree with a link and a directory of the same name: the second must not be
            // written through the first.
            let inner = try repository.editTree(base: nil, [.put("file", .file, blob)])
            let target = try repository.writeBlob(outside.string.utf8)
            let raw: [UInt8] =
                Array("120000 sub\0".utf8) + target.bytes + Array("40000 sub\0".utf8) + inner.bytes
            let double = try #require(ObjectID(hex: try await writeRaw(raw, temporary)))
            #expect(throws: GitError.self) {
                try repository.export(tree: double, to: temporary.root.appending("double"))
            }
            for name in ["..", "../outside/x", "."] {
                let raw = Array("100644 \(name)\0".utf8) + blob.bytes
                let tree = try #require(ObjectID(hex: try await writeRaw(raw, temporary)))
                #expect(throws: GitError.self) {
                    try repository.export(tree: tree, to: temporary.root.appending("up"))
                }
            }
            #expect(try names(outside) == [])
            // No partially written target remains.
            #expect(
                Set(try names(temporary.root)) == [
                    "repository", "outside", "directory", "link", "dangling",
                ])
        }
    }

    @Test func gitlinksAreRefused() async throws {
        try await TemporaryRepository.with { temporary in
            let commit = try temporary.commit(files: ["a": "1"])
            let repository = try temporary.open()
            let tree = try repository.writeTree([TreeEntry("module", .gitlink, commit)])
            let error = #expect(throws: GitError.self) {
                try repository.export(tree: tree, to: temporary.root.appending("x"))
            }
            #expect(error?.code == .unsupported)
        }
    }

    @Test func largeFilesAreStreamed() async throws {
        try await TemporaryRepository.with { temporary in
            let file = temporary.root.appending("large")
            let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
            let descriptor = try FileDescriptor.open(
                file, .writeOnly, options: .create, permissions: .ownerReadWrite)
            _ = try descriptor.closeAfter { try descriptor.writeAll(content) }
            let repository = try temporary.open()
            let id = try repository.writeBlob(file: file)
            let gits = try await temporary.git("hash-object", "--no-filters", "--", file.string)
            #expect("\(id)" == gits)
            #expect(try repository.size(of: id) == content.count)
            #expect(try repository.blob(id) == content)
        }
    }

    private func writeRaw(_ tree: [UInt8], _ temporary: TemporaryRepository) async throws -> String
    {
        try await temporary.git(
            "hash-object", "-w", "--literally", "-t", "tree", "--stdin", input: tree)
    }

    private func makeDirectory(_ path: FilePath, _ mode: mode_t = 0o755) throws {
        try #require(path.withPlatformString { mkdir($0, 0o700) } == 0)
        try #require(path.withPlatformString { chmod($0, mode) } == 0)
    }

    private func write(_ text: String, to path: FilePath, _ mode: mode_t = 0o644) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate],
            permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(text.utf8) }
        try #require(path.withPlatformString { chmod($0, mode) } == 0)
    }

    private func link(_ target: String, _ path: FilePath) throws {
        try #require(path.withPlatformString { symlink(target, $0) } == 0)
    }

    private func read(_ path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            try [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    private func status(_ path: FilePath) throws -> stat {
        var status = stat()
        try #require(path.withPlatformString { lstat($0, &status) } == 0)
        return status
    }

    private func mode(_ path: FilePath) throws -> mode_t { try status(path).st_mode & 0o7777 }

    private func names(_ directory: FilePath) throws -> [String] {
        let stream = try #require(directory.withPlatformString { opendir($0) })
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
                })
        }
        return names.filter { $0 != "." && $0 != ".." }
    }
}
