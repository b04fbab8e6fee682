import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite struct FileStatusTests {
    @Test func kindsAreDistinguished() throws {
        try TemporaryDirectory.with { root in
            let (file, link, pipe) = (
                root.appending("file"), root.appending("link"), root.appending("pipe")
            )
            try FileContent.write([1, 2, 3], to: file)
            #expect(symlinked(file, at: link))
            #expect(mkfifo(pipe.string, 0o600) == 0)
            #expect(try FileStatus.of(file)?.kind == .file)
            #expect(try FileStatus.of(file)?.size == 3)
            #expect(try FileStatus.of(root)?.kind == .directory)
            #expect(try FileStatus.of(link)?.kind == .link)
            #expect(try FileStatus.of(link, followingLinks: true)?.kind == .file)
            #expect(try FileStatus.of(pipe)?.kind == .other)
            #expect(try FileStatus.of(file)?.device == FileStatus.of(root)?.device)
        }
    }

    @Test func missingFileIsNoError() throws {
        try TemporaryDirectory.with { root in
            let file = root.appending("file")
            #expect(try FileStatus.of(file) == nil)
            try FileContent.write([], to: file)
            // A file is not a directory, so nothing exists below it.
            #expect(try FileStatus.of(file.appending("below")) == nil)
            #expect(symlinked(root.appending("none"), at: root.appending("dangling")))
            #expect(try FileStatus.of(root.appending("dangling"), followingLinks: true) == nil)
        }
    }
}

/// Creates a symbolic link to `target`; returns whether that succeeded.
func symlinked(_ target: FilePath, at path: FilePath) -> Bool {
    symlink(target.string, path.string) == 0
}
