import Exec
import Files
import Git
import SystemPackage
import TestSupport

@testable import Commands

/// Runs commands in a directory of their own and records their output and
/// status in a transcript.
struct TypedSession {
    let directory: FilePath
    var environment: [String: String]
    var transcript = ""

    init(_ directory: FilePath, unset: Set<String> = [], settings: [String: String] = [:]) throws {
        self.directory = directory
        var skeleton = FilePath("\(#filePath)")
        for _ in 0..<3 { skeleton.removeLastComponent() }
        var environment = try TemporaryRepository.hermeticEnvironment(home: directory)
            .merging(["ZENTOO_TEMPLATE_DIR": skeleton.appending("config/site").string]) { $1 }
            .filter { !unset.contains($0.key) }
        environment["GIT_CONFIG_COUNT"] = "\(settings.count)"
        for (index, setting) in settings.enumerated() {
            environment["GIT_CONFIG_KEY_\(index)"] = setting.key
            environment["GIT_CONFIG_VALUE_\(index)"] = setting.value
        }
        self.environment = environment
    }

    /// Creates a site whose stage and repository are pinned but do not exist.
    static func withPinnedSite(_ directory: FilePath) async throws -> TypedSession {
        var session = try TypedSession(directory)
        await session.type("init site", in: ".")
        let digest = String(repeating: "5", count: 64)
        try session.write("openrc /srv/stage3.tar.xz\n", "site/config/stages")
        try session.write(
            "stage openrc sha256:\(digest)\nrepository gentoo sha256:\(digest)\n",
            "site/config/zentoo.lock")
        try await session.git("add --all")
        try await session.git("commit --quiet -m pinned")
        session.transcript = ""
        return session
    }

    func write(_ text: String, _ path: String) throws {
        try FileContent.write(Array(text.utf8), to: directory.pushing(FilePath(path)))
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

    /// Runs git(1) as the same user; returns its output.
    @discardableResult
    func git(_ line: String, in place: String = "site") async throws -> String {
        try await GitProgram(environment: environment).run(
            line.split(separator: " ").map(String.init), directory: directory.appending(place)
        ).text
    }

    /// Returns `text` with the test's directory and the commit ids replaced: the
    /// ids change with every edit of the skeleton.
    func plain(_ text: String) -> String {
        text.split(separator: directory.string, omittingEmptySubsequences: false)
            .joined(separator: "/tmp/test")
            .replacing(#/\b[0-9a-f]{12}\b/#, with: "<commit>")
    }
}
