internal import Engines
internal import Exec
internal import Synchronization
internal import SystemPackage
internal import Testing

extension EngineContract {
    /// The clauses for every engine, even one that runs nothing.
    public enum StepClause: String, CaseIterable, Sendable {
        /// The status of a step is that of its command.
        case statusIsTheCommands
        /// Events are reported in the order in which they happen.
        case eventsComeInOrder
        /// Both streams are lines of one log.
        case streamsAreOneLog
        /// Lines are bytes and need not be text.
        case linesAreBytes
        /// Output is passed on, not collected.
        case muchOutputIsNotHeld
        /// A failure ends the job except for steps that always run.
        case aFailureLeavesWhatAlwaysRuns
        /// Nothing of a cancelled job is left when the call returns.
        case cancellingEndsAll
    }

    /// Checks that the engine satisfies a clause.
    public func check(_ clause: StepClause) async throws {
        switch clause {
        case .statusIsTheCommands: try await statusIsTheCommands()
        case .eventsComeInOrder: try await eventsComeInOrder()
        case .streamsAreOneLog: try await streamsAreOneLog()
        case .linesAreBytes: try await linesAreBytes()
        case .muchOutputIsNotHeld: try await muchOutputIsNotHeld()
        case .aFailureLeavesWhatAlwaysRuns: try await aFailureLeavesWhatAlwaysRuns()
        case .cancellingEndsAll: try await cancellingEndsAll()
        }
    }

    private func statusIsTheCommands() async throws {
        for status: Int32 in [0, 1, 3, 125, 126, 127, 255] {
            let (outcome, _) = try await run(job([step(.exit(status))]))
            #expect(outcome.steps.map(\.status) == [.exited(status)])
        }
    }

    private func eventsComeInOrder() async throws {
        let steps = [step(.alternate(["a"]), name: "first"), step(.exit(3), name: "second")]
        let (outcome, log) = try await run(job(steps))
        let results = outcome.steps
        try #require(results.map(\.name) == ["first", "second"])
        let events = log.all.filter { if case .notice = $0 { false } else { true } }
        #expect(
            events == [
                .started(step: "first"), .line(step: "first", bytes: Array("a".utf8)),
                .ended(results[0]), .started(step: "second"), .ended(results[1]),
            ])
    }

    private func streamsAreOneLog() async throws {
        let words = (1...200).map(String.init)
        let (_, log) = try await run(job([step(.alternate(words))]))
        #expect(log.text == words)
    }

    private func linesAreBytes() async throws {
        let (_, log) = try await run(job([step(.sayOddBytes)]))
        #expect(log.lines == [[0xff, 0xfe, 0x01], [0xc3, UInt8(ascii: "(")]])
    }

    private func muchOutputIsNotHeld() async throws {
        // Far more than all other tests may allocate meanwhile, since their memory
        // counts too.
        let size = 200 << 20
        let count = size / (Action.floodWidth + 1)
        let seen = Mutex(0)
        let before = Self.mostMemoryUsed()
        let job = job([step(.flood(lines: count))])
        let outcome = try await engine.run(job) { event in
            if case .line(_, let bytes) = event, bytes.count == Action.floodWidth {
                seen.withLock { $0 += 1 }
            }
        }
        #expect(outcome.failure == nil)
        #expect(seen.withLock { $0 } == count)
        #expect(Self.mostMemoryUsed() - before < size / 2)
    }

    private func aFailureLeavesWhatAlwaysRuns() async throws {
        var last = step(.exit(0), name: "last")
        last.condition = .always
        var alsoLast = step(.exit(5), name: "also last")
        alsoLast.condition = .always
        let steps = [
            step(.exit(0), name: "good"), step(.exit(4), name: "bad"),
            step(.exit(0), name: "skipped"), last, alsoLast,
        ]
        let (outcome, _) = try await run(job(steps))
        #expect(outcome.steps.map(\.name) == ["good", "bad", "last", "also last"])
        #expect(outcome.failure?.name == "bad")
        #expect(outcome.failure?.status == .exited(4))
    }

    private func cancellingEndsAll() async throws {
        let marker = Self.uniqueNumber()
        let job = job([step(.hang(marker: marker))])
        let (ready, isReady) = AsyncStream<Void>.makeStream()
        let engine = engine
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { isReady.finish() }
                    _ = try await engine.run(job) { event in
                        if case .line = event { isReady.yield() }
                    }
                }
                for await _ in ready { break }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        #expect(try Processes.commandLines(with: String(marker)) == [])
        #expect(try await leftovers(job) == [])
    }

    /// Returns the peak memory of the process in bytes; see VmHWM in proc(5).
    private static func mostMemoryUsed() -> Int {
        let status = (try? Processes.text(of: "/proc/self/status")) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let fields = line?.split(whereSeparator: \.isWhitespace) ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) << 10 : 0
    }
}
