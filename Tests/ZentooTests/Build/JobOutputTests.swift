@testable import Builds
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What a hostile job may leave where its build expects results.
struct JobOutputTests {
    private static let secret = Array("secret".utf8)

    private static func with(_ body: (_ output: FilePath, _ outside: FilePath) throws -> Void)
        throws
    {
        try TemporaryDirectory.with { directory in
            let (output, outside) = (directory.appending("out"), directory.appending("outside"))
            for path in [output, output.appending("logs"), outside] { try Directory.create(path) }
            try FileContent.write(secret, to: outside.appending("harvest"))
            try body(output, outside)
        }
    }

    @Test func fileIsRead() throws {
        try Self.with { output, _ in
            #expect(try JobOutput(directory: output).read("harvest") == nil)
            try FileContent.write([1, 2, 3], to: output.appending("harvest"))
            #expect(try JobOutput(directory: output).read("harvest") == [1, 2, 3])
        }
    }

    @Test func linkIsNotFollowed() throws {
        try Self.with { output, outside in
            let target = outside.appending("harvest").string
            try #require(symlink(target, output.appending("harvest").string) == 0)
            let error = #expect(throws: FileError.self) {
                try JobOutput(directory: output).read("harvest")
            }
            #expect(error?.errno == .tooManySymbolicLinkLevels)
        }
    }

    @Test func fifoIsRefusedWithoutWaiting() throws {
        try Self.with { output, _ in
            try #require(mkfifo(output.appending("harvest").string, 0o600) == 0)
            #expect(throws: FileError.self) { try JobOutput(directory: output).read("harvest") }
        }
    }

    @Test func onlyRegularLogsAreRead() throws {
        try Self.with { output, outside in
            let logs = output.appending("logs")
            try FileContent.write([1], to: logs.appending("a:b-1:x.log"))
            try #require(
                symlink(outside.appending("harvest").string, logs.appending("c.log").string) == 0)
            try #require(mkfifo(logs.appending("d.log").string, 0o600) == 0)
            try Directory.create(logs.appending("elog"))
            let read = try JobOutput(directory: output).packageLogs()
            #expect(read.map(\.name) == ["a:b-1:x.log"])
            try #require(unlink(logs.appending("c.log").string) == 0)
            try Directory.move(logs, to: output.appending("moved"))
            try #require(symlink(outside.string, logs.string) == 0)
            #expect(try JobOutput(directory: output).packageLogs().isEmpty)
        }
    }

    @Test func linkedDirectoryIsNotFollowed() throws {
        try Self.with { output, outside in
            try #require(symlink(outside.string, output.appending("category").string) == 0)
            #expect(throws: FileError.self) {
                try ConfinedFile.size(of: "category/harvest", beneath: output)
            }
            #expect(throws: FileError.self) {
                try ConfinedFile.size(of: "../outside/harvest", beneath: output)
            }
            #expect(try ConfinedFile.size(of: "harvest", beneath: outside) == Self.secret.count)
            #expect(throws: FileError.self) {
                try ConfinedFile.read("harvest", beneath: outside, limit: 2)
            }
        }
    }
}
