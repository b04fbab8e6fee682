import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite struct CommandRunnerTests {
    @Test(arguments: [
        ["answer"], ["answer", "--json", "--site", "lab"], ["answer", "-q"], ["answer", "-v"],
        ["refuse"], ["fail"], ["strange"], ["validate", "x"],
        ["answer", "--jsn"], ["answer", "-q", "-v"], ["answer", "--site"], ["validate"],
        ["nope"], ["group"], ["group", "nope"], [], ["help", "answer"], ["answer", "--help"],
    ])
    func outputAndStatusFollowGit(arguments: [String]) async throws {
        let result = await run(arguments, root: StubTool.self)
        let name = arguments.isEmpty ? "nothing" : arguments.joined(separator: " ")
        try assertSnapshot(result, named: "runner/\(name)")
    }

    @Test func onlyResultsGoToStandardOutput() async {
        let quiet = await run(["answer", "-q"], root: StubTool.self)
        let verbose = await run(["answer", "-v"], root: StubTool.self)
        #expect(quiet.output == verbose.output)
        #expect(quiet.errors != verbose.errors)
    }

    @Test(arguments: [(Int32(2), Int32(130)), (Int32(15), Int32(143))])
    func interruptCancelsAndHintsHowToResume(signal: Int32, status: Int32) async {
        let result = await run(
            ["sleep"], root: StubTool.self, interruptions: AsyncStream { $0.yield(signal) })
        #expect(result.status == status)
        #expect(
            result.errors == "hint: go on with 'git zentoo sleep'; what was slept is kept\n")
    }

    @Test func brokenPipeIsSilent() async {
        let result = await run(
            ["answer", "-q"], root: StubTool.self, results: MemorySink(failure: .brokenPipe))
        #expect(result.status == 141)
        #expect(!result.errors.contains("fatal"))
    }

    @Test func unwritableResultIsFatal() async {
        let result = await run(
            ["refuse"], root: StubTool.self, results: MemorySink(failure: .noSpace))
        #expect(result.status == 128)
        #expect(result.errors == "fatal: cannot write the result: No space left on device\n")
    }

    @Test func colourNeedsTerminalAndNoColorUnset() async {
        let onTerminal = await run(
            ["answer"], root: StubTool.self, results: MemorySink(columns: 80))
        #expect(onTerminal.output == "site \u{1B}[33mmain\u{1B}[m: \u{1B}[32m42\u{1B}[m\n")
        let unwanted = await run(
            ["answer"], root: StubTool.self, environment: ["NO_COLOR": "1"],
            results: MemorySink(columns: 80))
        #expect(unwanted.output == "site main: 42\n")
    }

    @Test func versionIsPrintedAsGitDoes() async {
        let expected = CommandResult(
            output: "git-zentoo version \(Version.current)\n", errors: "", status: 0)
        #expect(await run(["--version"]) == expected)
        #expect(await run(["version"]) == expected)
    }
}
