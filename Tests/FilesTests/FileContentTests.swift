import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite struct FileContentTests {
    @Test func readReturnsWrittenBytes() throws {
        try TemporaryDirectory.with { root in
            let path = root.appending("file")
            #expect(try FileContent.read(path) == nil)
            // More than one read(2) returns.
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try FileContent.write(bytes, to: path)
            #expect(try FileContent.read(path) == bytes)
            try FileContent.write([], to: path)
            #expect(try FileContent.read(path) == [])
            try FileContent.remove(path)
            try FileContent.remove(path)
            #expect(try FileStatus.of(path) == nil)
        }
    }

    /// Replacing a file is atomic: a reader that opens the file at any moment sees
    /// the complete bytes of one writer.
    @Test func readersSeeOneWholeContent() async throws {
        try await TemporaryDirectory.with { root in
            let path = root.appending("file")
            let size = 300_000
            try FileContent.write([UInt8](repeating: 0, count: size), to: path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in UInt8(1)...3 {
                    group.addTask {
                        for _ in 0..<8 {
                            try FileContent.write([UInt8](repeating: writer, count: size), to: path)
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<60 {
                        let bytes = try #require(try FileContent.read(path))
                        let first = try #require(bytes.first)
                        #expect(bytes.count == size)
                        #expect(bytes.allSatisfy { $0 == first })
                        await Task.yield()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try Directory.names(in: root).map(\.string) == ["file"])
        }
    }

    @Test func failedWriteChangesNothing() throws {
        try TemporaryDirectory.with { root in
            let path = root.appending("place")
            // A non-empty directory cannot be replaced by a file.
            try Directory.create(path.appending("inner"))
            #expect(throws: FileError.self) { try FileContent.write([1], to: path) }
            #expect(try Directory.names(in: path).map(\.string) == ["inner"])
            #expect(throws: FileError.self) {
                try FileContent.write([1], to: root.appending("none/file"))
            }
        }
    }

    @Test func linkIsReplacedNotFollowed() throws {
        try TemporaryDirectory.with { root in
            let (target, link) = (root.appending("target"), root.appending("link"))
            try FileContent.write([1], to: target)
            #expect(symlinked(target, at: link))
            try FileContent.write([2], to: link)
            #expect(try FileContent.read(target) == [1])
            #expect(try FileStatus.of(link)?.kind == .file)
        }
    }
}
