import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite struct DirectoryTests {
    @Test func createMakesMissingParents() throws {
        try TemporaryDirectory.with { root in
            let path = root.appending("a/b/c")
            try Directory.create(path)
            #expect(try FileStatus.of(path)?.kind == .directory)
            // Creating an existing directory is no error.
            try Directory.create(path)
        }
    }

    @Test func fileInTheWayIsNamed() throws {
        try TemporaryDirectory.with { root in
            try FileContent.write([], to: root.appending("a"))
            let error = #expect(throws: FileError.self) {
                try Directory.create(root.appending("a"))
            }
            #expect(error?.description == "cannot make directory '\(root)/a': Not a directory")
        }
    }

    @Test func namesAreSortedWithoutDotEntries() throws {
        try TemporaryDirectory.with { root in
            for name in ["b", ".hidden", "ä", "B"] {
                try FileContent.write([], to: root.appending(name))
            }
            #expect(try Directory.names(in: root).map(\.string) == [".hidden", "B", "b", "ä"])
            #expect(try Directory.names(in: root.appending("none")) == [])
            #expect(throws: FileError.self) { try Directory.names(in: root.appending("b")) }
        }
    }

    @Test func moveReplacesFileOrEmptyDirectory() throws {
        try TemporaryDirectory.with { root in
            let (old, new) = (root.appending("old"), root.appending("new"))
            try FileContent.write([1], to: old)
            try FileContent.write([2], to: new)
            try Directory.move(old, to: new)
            #expect(try FileContent.read(new) == [1])
            #expect(try FileStatus.of(old) == nil)

            let (full, empty) = (root.appending("full"), root.appending("empty"))
            try Directory.create(full.appending("inner"))
            try Directory.create(empty)
            try Directory.move(full, to: empty)
            #expect(try Directory.names(in: empty).map(\.string) == ["inner"])

            // A directory that is not empty is not replaced.
            try Directory.create(full)
            #expect(throws: FileError.self) { try Directory.move(full, to: empty) }
            #expect(throws: FileError.self) { try Directory.move(old, to: new) }
        }
    }

    @Test func temporaryDirectoriesAreUnique() throws {
        try TemporaryDirectory.with { root in
            let prefix = root.appending(".root-")
            let (one, other) = (
                try Directory.createTemporary(prefix: prefix),
                try Directory.createTemporary(prefix: prefix)
            )
            #expect(one != other)
            for made in [one, other] {
                #expect(made.removingLastComponent() == root)
                #expect(made.string.hasPrefix(prefix.string))
                #expect(try FileStatus.of(made)?.kind == .directory)
            }
            #expect(throws: FileError.self) {
                try Directory.createTemporary(prefix: root.appending("none/x-"))
            }
        }
    }

    @Test func onlyDirectoriesAreSynchronized() throws {
        try TemporaryDirectory.with { root in
            try Directory.synchronize(root)
            try FileContent.write([], to: root.appending("file"))
            #expect(throws: FileError.self) { try Directory.synchronize(root.appending("file")) }
            #expect(throws: FileError.self) { try Directory.synchronize(root.appending("none")) }
        }
    }
}
