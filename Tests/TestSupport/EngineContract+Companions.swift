internal import Engines
internal import Exec
internal import Testing

extension EngineContract {
    /// The clauses for engines that have companions, and one for engines that have
    /// none.
    public enum CompanionClause: String, CaseIterable, Sendable {
        /// Steps that request it reach companions by their names, over a network
        /// without other connections.
        case stepsReachThemAndNothingElse
        /// A companion that ends, or never starts, does not fail the job.
        case aLostOneIsNoFailure
        /// A cancelled job leaves no companions.
        case cancellingEndsThem
        /// An engine without companions reports an error.
        case whoHasNoneSaysSo
    }

    /// Checks that the engine satisfies a clause.
    public func check(_ clause: CompanionClause) async throws {
        guard engine.runsCompanions == (clause != .whoHasNoneSaysSo) else { return }
        switch clause {
        case .stepsReachThemAndNothingElse: try await stepsReachThemAndNothingElse()
        case .aLostOneIsNoFailure: try await aLostOneIsNoFailure()
        case .cancellingEndsThem: try await cancellingEndsThem()
        case .whoHasNoneSaysSo: try await whoHasNoneSaysSo()
        }
    }

    /// Returns a companion that serves its name and first prints that it is up.
    private func speaker(_ name: String) -> Step {
        var step = shell("echo up; exec nc -ll -p 4000 -e hostname", network: .companions)
        step.name = name
        return step
    }

    private func stepsReachThemAndNothingElse() async throws {
        // A static busybox resolves names only in this way.
        let ask = """
            ask() {
                address=
                for word in $(nslookup "$1" 2>/dev/null | grep '^Address'); do address=$word; done
                nc "$address" 4000 </dev/null 2>/dev/null
            }
            """
        let alone = shell("\(ask)\nif ask one; then exit 1; fi")
        let asking = shell(
            """
            \(ask)
            for name in one two; do
                tries=0
                until said=$(ask $name) && [ -n "$said" ]; do
                    tries=$((tries + 1))
                    [ $tries -lt 6000 ]
                    sleep 0.1
                done
                echo "said $said"
            done
            if \(server.map { "nc -w 1 \($0) </dev/null" } ?? "false"); then exit 1; fi
            # Nor anybody who calls himself the way out: nobody answers for him.
            for word in $(route -n | grep '^0.0.0.0'); do
                if nc -w 1 "$word" 9 </dev/null; then exit 1; fi
                if grep "^$word .* 0x2 " /proc/net/arp; then exit 1; fi
            done
            """, network: .companions)
        var job = job([asking, alone])
        job.companions = [speaker("one"), speaker("two")]
        let (outcome, log) = try await run(job)
        try #require(outcome.failure == nil, "\(log.text)")
        #expect(outcome.steps.count == 2)
        #expect(log.text.filter { $0.hasPrefix("said ") } == ["said one", "said two"])
        for name in ["one", "two"] {
            #expect(log.all.contains(.line(step: name, bytes: Array("up".utf8))))
        }
    }

    private func aLostOneIsNoFailure() async throws {
        var lost = shell("exit 3", network: .companions)
        lost.name = "lost"
        let absent = Step(name: "absent", command: ["/no/such/program"], network: .companions)
        var job = job([shell("sleep 1; echo done", network: .companions)])
        job.companions = [lost, absent]
        let (outcome, log) = try await run(job)
        #expect(outcome.steps.map(\.status) == [.exited(0)])
        #expect(log.text.contains("done"))
    }

    private func cancellingEndsThem() async throws {
        var job = job([shell("echo ready; exec sleep 86400", network: .companions)])
        job.companions = [speaker("one")]
        let engine = engine
        let log = EventLog()
        let task = Task { [job] in try await engine.run(job) { log.append($0) } }
        while !log.text.contains("ready") { try await Task.sleep(for: .milliseconds(50)) }
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
        #expect(try await leftovers(job) == [])
    }

    private func whoHasNoneSaysSo() async throws {
        var job = job([shell("true", network: .companions)])
        job.companions = [speaker("one")]
        let error = await #expect(throws: EngineError.self) {
            try await engine.run(job) { _ in }
        }
        #expect(error?.code == .unsupported)
        #expect(try await leftovers(job) == [])
    }
}
