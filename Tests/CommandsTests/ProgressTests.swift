import Builds
@testable import Commands
import Testing

@Suite struct ProgressTests {
    private var state: ProgressState {
        var state = ProgressState(activity: "building amd64-base-default-router")
        state.position = .init(index: 3, count: 17)
        state.subject = "dev-libs/openssl-3.3.1"
        state.phase = "compile"
        state.estimate = .seconds(300)
        return state
    }

    @Test func lineShowsPositionPhaseAndTime() {
        #expect(
            state.liveLine(elapsed: .seconds(62), columns: 80)
                == "[ 3/17] dev-libs/openssl-3.3.1: compile  1:02 of about 5:00")
    }

    @Test func narrowTerminalKeepsTime() {
        #expect(
            state.liveLine(elapsed: .seconds(62), columns: 40)
                == "[ 3/17] dev-libs/o…  1:02 of about 5:00")
        for columns in 1...100 {
            let line = state.liveLine(elapsed: .seconds(62), columns: columns)
            #expect(DisplayWidth.of(line) < max(columns, 1) || line.isEmpty)
        }
    }

    @Test func activityIsShownBeforeFirstSubject() {
        #expect(
            ProgressState(activity: "fetching").liveLine(elapsed: .zero, columns: 80)
                == "fetching  0:00")
    }

    @Test(arguments: [
        (0, "0:00"), (5, "0:05"), (754, "12:34"), (3723, "1:02:03"), (-1, "0:00"),
    ])
    func clockFormatsSeconds(seconds: Int, text: String) {
        #expect(ProgressState.clock(.seconds(seconds)) == text)
    }

    @Test func eachSubjectIsOneLineWithoutTerminal() async throws {
        let (output, _, messages) = Output.inMemory()
        try await output.withProgress("building") { meter in
            for (index, name) in ["a/b-1", "c/d-2"].enumerated() {
                for phase in ["unpack", "compile"] {
                    meter.update {
                        $0.position = .init(index: index + 1, count: 2)
                        $0.subject = name
                        $0.phase = phase
                    }
                }
            }
        }
        #expect(messages.text == "[1/2] a/b-1\n[2/2] c/d-2\n")
    }

    @Test func buildIsReportedInLinesWithoutTerminal() async throws {
        let (output, _, messages) = Output.inMemory()
        let events: [BuildEvent] = [
            .preparing("stage 'amd64'"), .step("flavour"), .step("premerge.d/10-users"),
            .step("merge"), .package(index: 1, total: 2, cpv: "a/b-1", binary: false),
            .phase("compile"), .step("harvest"),
        ]
        try await output.withProgress("building 'T'") { meter in
            for event in events {
                BuildProgress.show(event, of: "T", meter: meter, output: output)
            }
        }
        #expect(
            messages.text == """
                T: preparing stage 'amd64'
                T: working out the flavour
                T: running 'premerge.d/10-users'
                T: merging packages
                [1/2] T: a/b-1
                T: reading what was made

                """)
    }

    @Test func redrawingIsLimited() async throws {
        let (output, _, messages) = Output.inMemory(terminal: 80)
        try await output.withProgress("building") { meter in
            for index in 1...10_000 {
                meter.update { $0.position = .init(index: index, count: 10_000) }
            }
        }
        // Every drawn line begins with a carriage return; the last one erases the
        // line.
        #expect(messages.text.split(separator: "\r").count < 100)
        #expect(messages.text.hasSuffix("\r\u{1B}[K"))
    }

    @Test func quietShowsNoProgress() async throws {
        for columns in [nil, 80] {
            let (output, _, messages) = Output.inMemory(
                terminal: columns, .init(isQuiet: true))
            try await output.withProgress("building") { meter in
                meter.update { $0.subject = "a/b-1" }
            }
            #expect(messages.text == "")
        }
    }
}
