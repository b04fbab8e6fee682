import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// What a run writes into a copy of a directory, and when it is published.
@Suite struct FencedDirectoryTests {
    private static func write(_ text: String, to path: FilePath) throws {
        try EngineContractStage.write(text, to: path)
    }

    private static func with(
        _ body: (_ directory: FilePath, _ first: FencedDirectory, _ second: FencedDirectory) throws
            -> Void
    ) throws {
        try TemporaryDirectory.with { top in
            let directory = top.appending("pool")
            try #require(mkdir(directory.string, 0o755) == 0)
            try #require(mkdir(directory.appending("app").string, 0o755) == 0)
            try #require(chmod(directory.appending("app").string, 0o2775) == 0)
            try write("index 1\n", to: directory.appending("Packages"))
            try write("one\n", to: directory.appending("app/one.gpkg.tar"))
            try body(
                directory, FencedDirectory(directory, job: "j", attempt: 1),
                FencedDirectory(directory, job: "j", attempt: 2))
        }
    }

    @Test func writesAppearWhenPublished() throws {
        try Self.with { directory, fence, _ in
            try fence.make()
            #expect(try Processes.text(of: fence.own.appending("app/one.gpkg.tar")) == "one\n")
            var status = stat()
            try #require(stat(fence.own.appending("app").string, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o2775)

            try Self.write("two\n", to: fence.own.appending("app/two.gpkg.tar"))
            try Self.write("index 2\n", to: fence.own.appending("Packages.new"))
            try #require(
                rename(
                    fence.own.appending("Packages.new").string,
                    fence.own.appending("Packages").string) == 0)
            #expect(try Processes.text(of: directory.appending("Packages")) == "index 1\n")
            #expect(access(directory.appending("app/two.gpkg.tar").string, F_OK) != 0)

            try fence.publish()
            #expect(try Processes.text(of: directory.appending("Packages")) == "index 2\n")
            #expect(try Processes.text(of: directory.appending("app/two.gpkg.tar")) == "two\n")
            #expect(try Directory.names(in: directory) == ["Packages", "app"])
        }
    }

    @Test func completePackagesOfAbandonedRunAreSalvaged() throws {
        try Self.with { directory, given, fence in
            try given.make()
            try Self.write("two\n", to: given.own.appending("app/two.gpkg.tar"))
            try Self.write("ha", to: given.own.appending("app/three.gpkg.tar.1234"))
            try Self.write("ha", to: given.own.appending("app/three.gpkg.targtg8eup3.39"))
            try Self.write("", to: given.own.appending("app/three.gpkg.tar"))
            try Self.write("said before\n", to: given.own.appending("app/log"))
            try Self.write("index x\n", to: given.own.appending("Packages.new"))
            try fence.make(salvaging: given.own)
            // Too late: this file is not taken.
            try Self.write("late\n", to: given.own.appending("app/four.gpkg.tar"))
            try fence.publish()
            #expect(
                try Directory.names(in: directory.appending("app"))
                    == ["one.gpkg.tar", "two.gpkg.tar"])
            #expect(try Processes.text(of: directory.appending("Packages")) == "index 1\n")
        }
    }
}
