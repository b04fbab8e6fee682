import Exec
import SystemPackage
import Testing

@testable import Commands

/// Completion is tried in the shells themselves: a script that reads well and
/// completes nothing is the usual way for completion to break.
@Suite(.timeLimit(.minutes(10))) struct CompletionTests {
    static let lines: [([String], String)] = [
        (["git-zentoo", "vers"], "version"),
        (["git", "zentoo", "vers"], "version"),
        (["git", "-C", "/", "zentoo", "version", "--js"], "--json"),
    ]

    @Test(
        .enabled(if: Shells.gitCompletion != nil, "needs bash and git's completion"),
        arguments: lines)
    func bashCompletes(words: [String], expected: String) async throws {
        let completion = try #require(Shells.gitCompletion)
        let replies = try await Shells.run(["bash", "--norc"], "bash", [completion] + words)
        #expect(replies == expected)
    }

    @Test(.enabled(if: Shells.has("zsh"), "needs zsh"), arguments: lines)
    func zshCompletes(words: [String], expected: String) async throws {
        let line = try await Shells.run(["zsh", "-f"], "zsh", words)
        #expect(line == (words.dropLast() + [expected]).joined(separator: " ") + " ")
    }

    @Test(.enabled(if: Shells.has("fish"), "needs fish"), arguments: lines)
    func fishCompletes(words: [String], expected: String) async throws {
        let replies = try await Shells.run(["fish"], "fish", words)
        #expect(replies == expected)
    }
}

/// The shells of this machine, and the scripts that ask them.
private enum Shells {
    private static let tests = FilePath("\(#filePath)").removingLastComponent()
    private static let root = tests.removingLastComponent().removingLastComponent()
    private static let build = Platform.executable().removingLastComponent()

    static let gitCompletion = [
        "/usr/share/bash-completion/completions/git",
        "/usr/share/git-core/contrib/completion/git-completion.bash",
    ].first { has("bash") && exists($0) }

    static func has(_ shell: String) -> Bool {
        ["/usr/bin/\(shell)", "/bin/\(shell)"].contains(where: exists)
    }

    private static func exists(_ path: String) -> Bool {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return false }
        try? file.close()
        return true
    }

    /// Makes the scripts and has `shell` complete `words` with them.
    static func run(
        _ shell: [String], _ kind: String, _ words: [String]
    ) async throws -> String {
        let directory = FilePath("/tmp/zentoo-test-completion-\(UInt64.random(in: .min ... .max))")
        let environment = [
            "PATH": "\(build):/usr/local/bin:/usr/bin:/bin", "HOME": "\(directory)",
            "XDG_CONFIG_HOME": "\(directory)", "XDG_DATA_HOME": "\(directory)",
            "GIT_CONFIG_NOSYSTEM": "1", "TERM": "xterm", "LC_ALL": "C.UTF-8",
        ]
        let ask = Invocation(
            shell[0],
            shell.dropFirst() + ["\(tests)/Shells/complete.\(kind)", "\(directory)"] + words,
            environment: environment)
        let result: Result<String, any Error>
        do {
            try await Invocation(
                "\(root)/config/make-completions", ["\(build)/git-zentoo", "\(directory)"],
                environment: environment
            ).run().orThrow()
            result = .success(try await ask.run().orThrow().text)
        } catch {
            result = .failure(error)
        }
        _ = try await Invocation("rm", ["-rf", "\(directory)"]).run()
        return try result.get()
    }
}
