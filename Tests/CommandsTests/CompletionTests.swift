import Exec
import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// Runs completion in the shells themselves: a completion script can look
/// correct and complete nothing.
@Suite(.endsHangs) struct CompletionTests {
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
        let replies = try await Shells.run(
            ["bash", "--norc"], "complete.bash", [completion] + words)
        #expect(replies == expected)
    }

    /// Readline splits words at `@`; only a shell with a terminal shows whether the
    /// completed word is inserted in the right place.
    @Test(
        .enabled(
            if: Shells.gitCompletion != nil && Shells.has("script"),
            "needs bash, git's completion and script(1)"),
        arguments: [
            ("git-zentoo show znver3-b", "git-zentoo show znver3-base-default-router"),
            ("git-zentoo show znver3-base-default-router@1", "@12 "),
            ("git zentoo assemble znver3-base-default-router@1", "@12 "),
            (
                "git -C . zentoo diff znver3-base-default-router@3 znver3-base-default-router@1",
                "@12 "
            ),
            ("git zentoo log --site=main znver3", "znver3-base-default-router "),
        ])
    func bashCompletesBuildNames(line: String, expected: String) async throws {
        let completion = try #require(Shells.gitCompletion)
        try await TemporaryRepository.with { temporary in
            try await MadeUp.record(builds: [3, 12], in: temporary.open())
            let completed = try await Shells.run(
                ["bash", "--norc"], "complete-live.bash", [completion, line], in: temporary.path)
            #expect(completed.hasSuffix(expected), "\(completed)")
        }
    }

    @Test(.enabled(if: Shells.has("zsh"), "needs zsh"), arguments: lines)
    func zshCompletes(words: [String], expected: String) async throws {
        let line = try await Shells.run(["zsh", "-f"], "complete.zsh", words)
        #expect(line == (words.dropLast() + [expected]).joined(separator: " ") + " ")
    }

    /// When git's completion calls ours, the first word is not the program's name.
    @Test(
        .enabled(if: Shells.has("zsh"), "needs zsh"),
        arguments: ["git-zentoo show znver3", "git zentoo show znver3"])
    func zshCompletesNames(line: String) async throws {
        try await TemporaryRepository.with { temporary in
            try await MadeUp.record(builds: [3], in: temporary.open())
            let words = line.split(separator: " ").map(String.init)
            let completed = try await Shells.run(
                ["zsh", "-f"], "complete.zsh", words, in: temporary.path)
            #expect(completed.hasPrefix("\(line)-base-default-router"), "\(completed)")
        }
    }

    @Test(.enabled(if: Shells.has("fish"), "needs fish"), arguments: lines)
    func fishCompletes(words: [String], expected: String) async throws {
        let replies = try await Shells.run(["fish"], "complete.fish", words)
        #expect(replies == expected)
    }
}

/// The shells of this machine and the scripts that query them.
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

    /// Creates the completion scripts and lets `shell` complete `words` with them.
    static func run(
        _ shell: [String], _ script: String, _ words: [String], in place: FilePath? = nil
    ) async throws -> String {
        let directory = FilePath("/tmp/zentoo-test-completion-\(UInt64.random(in: .min ... .max))")
        let environment = [
            "PATH": "\(build):/usr/local/bin:/usr/bin:/bin", "HOME": "\(directory)",
            "XDG_CONFIG_HOME": "\(directory)", "XDG_DATA_HOME": "\(directory)",
            "GIT_CONFIG_NOSYSTEM": "1", "TERM": "xterm", "LC_ALL": "C.UTF-8",
        ]
        let ask = Invocation(
            shell[0],
            shell.dropFirst()
                + ["\(tests)/Shells/\(script)", "\(directory)"]
                + words,
            environment: environment, workingDirectory: place)
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
