import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// Making a site, as one types it: each command with its streams and status.
@Suite struct SiteCommandsTests {
    /// Runs commands in a directory of their own and writes down what they
    /// leave behind.
    private struct Session {
        let directory: FilePath
        let environment: [String: String]
        var transcript = ""

        init(_ directory: FilePath) throws {
            self.directory = directory
            var skeleton = FilePath("\(#filePath)")
            for _ in 0..<3 { skeleton.removeLastComponent() }
            environment = try TemporaryRepository.hermeticEnvironment(home: directory)
                .merging(["ZENTOO_TEMPLATE_DIR": skeleton.appending("config/site").string]) { $1 }
        }

        @discardableResult
        mutating func type(_ line: String, in place: String = "site") async -> CommandResult {
            let (results, messages) = (MemorySink(), MemorySink())
            let runner = CommandRunner(
                environment: environment, workingDirectory: directory.appending(place),
                executable: "/nonexistent/git-zentoo", results: results, messages: messages)
            let status = await runner.run(
                line.split(separator: " ").map(String.init), interruptions: AsyncStream { _ in })
            let result = CommandResult(
                output: plain(results.text), errors: plain(messages.text), status: status.code)
            transcript += "$ git zentoo \(line)\n\(result)\n"
            return result
        }

        /// Without the directory, and without the commits: those change with
        /// every word of the skeleton.
        private func plain(_ text: String) -> String {
            text.split(separator: directory.string, omittingEmptySubsequences: false)
                .joined(separator: "/tmp/test")
                .replacing(#/\b[0-9a-f]{12}\b/#, with: "<commit>")
        }
    }

    @Test func aSiteIsMade() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try Session(directory)
            await session.type("init site", in: ".")
            await session.type("init")
            for line in [
                "tuple list", "tuple check", "tuple show x86-64-v3-base-default-base",
                "portage list", "portage show base", "portage new router --from base",
                "portage new router", "buildhooks show default", "cpu new znver3",
                "cpu new bad --march native", "cpu list", "cpu show x86-64-v3",
                "tuple check --json", "tuple show no-such-tuple",
            ] {
                await session.type(line)
            }
            try assertSnapshot(session.transcript, named: "site/made")
        }
    }

    @Test func initTakesNothingForGranted() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try Session(directory)
            #expect(await session.type("init site --template nothing", in: ".").status == 128)
            #expect(await session.type("init Site --site Main", in: ".").status == 128)
            #expect(await session.type("init bare.git --bare", in: ".").status == 0)
            #expect(await session.type("tuple check", in: "bare.git").status == 1)
            #expect(await session.type("init site", in: ".").status == 0)
            #expect(await session.type("init --bare").status == 128)
            try assertSnapshot(session.transcript, named: "site/init")
        }
    }

    @Test func theSkeletonIsFoundBesideTheProgram() throws {
        #expect(
            TemplateDirectory.candidates(for: "/usr/local/bin/git-zentoo") == [
                "/usr/local/share/git-zentoo/site"
            ])
        #expect(
            TemplateDirectory.candidates(for: "/src/zentoo/.build/debug/git-zentoo").last
                == "/src/zentoo/config/site")
    }
}
