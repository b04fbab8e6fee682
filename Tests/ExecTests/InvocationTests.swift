import Exec
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite struct InvocationTests {
    @Test func onlyNamedVariablesAreInherited() async throws {
        let result = try await Invocation(
            "env", environment: ["PATH": "/usr/bin:/bin", "A": "b c"]
        )
        .run()
        #expect(Set(result.text.split(separator: "\n")) == ["PATH=/usr/bin:/bin", "A=b c"])
    }

    @Test func failureIsReturnedNotThrown() async throws {
        let result = try await Invocation("sh", ["-c", "echo no >&2; exit 3"]).run()
        #expect(result.status == .exited(3))
        let error = #expect(throws: ExecError.self) { try result.orThrow() }
        #expect(error?.code == .failed(.exited(3)))
        #expect(error?.detail == "no")
    }

    @Test func missingProgramIsNamed() async throws {
        let error = await #expect(throws: ExecError.self) {
            try await Invocation("no-such-program-at-all").run()
        }
        #expect(error?.code == .notFound)
        #expect(error?.description == "cannot find program 'no-such-program-at-all'")
    }

    /// Files that cannot be executed and directories are skipped in the search.
    @Test func firstExecutableInPathIsUsed() async throws {
        try await TemporaryDirectory.with { directory in
            let script = """
                mkdir -p a/tool b c d && : >b/tool &&
                printf '#!/bin/sh\necho "c $0"\n' >c/tool && chmod +x c/tool && cp c/tool d/tool
                """
            try await Invocation("sh", ["-c", script], workingDirectory: directory).run()
                .orThrow()
            let path = ["a", "b", "c", "d"].map { directory.appending($0).string }
                .joined(separator: ":")
            let result = try await Invocation("tool", environment: ["PATH": path]).run()
            #expect(result.text == "c \(directory)/c/tool")
            #expect(SearchPath(path).find("sh") == nil)
        }
    }

    @Test func inputAndOutputAreBytes() async throws {
        let bytes: [UInt8] = [0, 255, 10, 128]
        let result = try await Invocation("cat", input: .bytes(bytes)).run()
        #expect(result.output == bytes)
    }

    /// gpg(1) without a key exits early: that is its failure, not ours.
    @Test func unreadInputIsNoError() async throws {
        let bytes = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<20 {
            let result = try await Invocation("false", input: .bytes(bytes)).run()
            #expect(result.status == .exited(1))
        }
    }

    @Test func linesOfBothStreamsArriveInOrder() async throws {
        let lines = Mutex<[[UInt8]]>([])
        let status = try await Invocation(
            "sh", ["-c", #"echo one; echo two >&2; printf '\377'; exit 5"#]
        ).stream { line in lines.withLock { $0.append(line) } }
        #expect(status == .exited(5))
        #expect(lines.withLock { $0 } == [Array("one".utf8), Array("two".utf8), [255]])
    }

    @Test(.endsHangs)
    func cancellingEndsProgram() async throws {
        let task = Task { try await Invocation("sleep", ["3600"]).stream { _ in } }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func commandLineIsQuotedForShell() {
        let invocation = Invocation("emerge", ["--jobs=2", "it's", "", "a b"])
        #expect(invocation.commandLine == #"emerge --jobs=2 'it'\''s' '' 'a b'"#)
    }
}
