import Engines
import Exec
import SystemPackage
import Testing

@testable import Commands

@Suite struct OutputTests {
    @Test func columnsAlignByDisplayWidth() {
        var table = Table(.left("tuple"), .right("n"), .left("state"))
        table.row("amd64-base-default-router", "7", "built")
        table.row("日本-é", "12", "")
        table.row("x", "", "stale")
        #expect(
            table.lines(colored: false) == [
                "TUPLE                       N  STATE",
                "amd64-base-default-router   7  built",
                "日本-é                     12",
                "x                              stale",
            ])
    }

    @Test func colourDoesNotMoveColumns() {
        var table = Table(.left("a"), .left("b"))
        table.row(StyledText("x", .good), "1")
        table.row("long", "2")
        let plain = table.lines(colored: false)
        #expect(plain == ["A     B", "x     1", "long  2"])
        #expect(table.lines(colored: true)[1] == "\u{1B}[32mx\u{1B}[m     1")
    }

    @Test func noRowsPrintNothing() {
        #expect(Table(.left("a")).lines(colored: false).isEmpty)
        #expect(Page().rendered(colored: true) == "")
    }

    @Test func controlCharactersAreReplaced() {
        let text: StyledText = "package \("evil\u{1B}[2J\r\n")"
        #expect(text.rendered(colored: false) == "package evil?[2J??")
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("👩‍👩‍👧", 2), ("a\u{200B}b", 2),
    ])
    func widthIsInColumns(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func truncatedTextFitsWidth() {
        for columns in 0...8 {
            #expect(DisplayWidth.of(DisplayWidth.truncated("日本go語", to: columns)) <= columns)
        }
        #expect(DisplayWidth.truncated("abcdef", to: 4) == "abc…")
        #expect(DisplayWidth.truncated("abcd", to: 4) == "abcd")
    }

    @Test func jsonSortsItsKeys() throws {
        let (output, results, _) = Output.inMemory()
        try output.report(Numbers(site: "a/b", answer: 1), as: .json)
        try output.finish()
        #expect(results.text == "{\n  \"answer\" : 1,\n  \"site\" : \"a/b\"\n}\n")
    }

    @Test(
        arguments: [
            (nil, true, true), (nil, false, false), ("auto", true, true), ("always", false, true),
            ("never", true, false), ("false", true, false), ("true", false, false),
        ] as [(String?, Bool, Bool)])
    func colourFollowsGitsRules(setting: String?, isTerminal: Bool, expected: Bool) {
        #expect(
            ColorRule.allows(setting: setting, environment: [:], isTerminal: isTerminal)
                == expected)
    }

    @Test func environmentCanTurnColourOff() {
        for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
            #expect(
                !ColorRule.allows(setting: "auto", environment: environment, isTerminal: true))
            #expect(
                ColorRule.allows(setting: "always", environment: environment, isTerminal: true))
        }
        #expect(
            ColorRule.allows(setting: nil, environment: ["NO_COLOR": ""], isTerminal: true))
    }

    @Test func liveLineIsErased() throws {
        let (output, _, messages) = Output.inMemory(terminal: 40)
        output.showLiveLine("one")
        output.status("said")
        try output.finish()
        #expect(
            messages.text == "\rone\u{1B}[K" + "\r\u{1B}[K" + "said\n" + "\rone\u{1B}[K"
                + "\r\u{1B}[K")
    }

    @Test func programErrorsKeepTheirLines() async throws {
        let error = await #expect(throws: ExecError.self) {
            try await Invocation("sh", ["-c", "echo one >&2; echo two >&2; exit 2"]).run()
                .orThrow()
        }
        let lines = ErrorReport(try #require(error)).lines.map { $0.rendered(colored: false) }
        #expect(
            lines == [
                "fatal: 'sh -c 'echo one >&2; echo two >&2; exit 2'' failed (exit status 2): one",
                "two",
            ])
    }

    @Test func messageWithoutTextIsPrinted() {
        let lines = ErrorReport(message: "\n\n").lines.map { $0.rendered(colored: false) }
        #expect(lines == ["fatal: "])
    }
}
