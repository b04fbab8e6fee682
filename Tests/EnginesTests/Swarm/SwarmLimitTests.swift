import Engines
import Exec
import SystemPackage
import TestSupport
import Testing

extension SwarmEngineTests {
    /// The resources of nodes and the demands of jobs.
    @Suite struct Limits {
        @Test func missingBuilderLabelIsNamed() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                for node in ["w1", "w2"] {
                    try await fixture.bed.ask(
                        .m, "node", "update", "--label-rm", "zentoo.builder", node)
                }
                let error = await #expect(throws: EngineError.self) {
                    try await fixture.run(fixture.job("true"))
                }
                let check = await #expect(throws: EngineError.self) {
                    try await fixture.engine.check()
                }
                for node in ["w1", "w2"] {
                    try await fixture.bed.ask(
                        .m, "node", "update", "--label-add", "zentoo.builder=true", node)
                }
                for refusal in [error, check] {
                    #expect(refusal?.code == .unavailable)
                    #expect(
                        refusal?.message.contains("'node.labels.zentoo.builder==true'") == true)
                    #expect(refusal?.hints.isEmpty == false)
                }
                try await fixture.engine.check()
            }
        }

        @Test(arguments: [
            ContainerLimits(memory: 1 << 50), ContainerLimits(processors: 1000),
        ])
        func impossibleReservationIsRefused(_ limits: ContainerLimits) async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state, limits: limits)
                let error = await #expect(throws: EngineError.self) {
                    try await fixture.run(fixture.job("true"), by: engine)
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.hasPrefix("a job reserves 1") == true)
            }
        }

        /// Reservations queue jobs.
        @Test func jobWaitsForFreeNode() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let said = try await fixture.bed.ask(
                    .m, "node", "inspect", "--format", "{{.Description.Resources.NanoCPUs}}", "w1")
                let processors = try #require(Int(said)) / 1_000_000_000
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state,
                    limits: ContainerLimits(processors: processors))
                let jobs = (1...3).map { number in
                    fixture.job("until [ -e /signals/\(number) ]; do sleep 0.1; done")
                }
                let logs = jobs.map { _ in EventLog() }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (job, log) in zip(jobs, logs).dropLast() {
                        group.addTask { _ = try await fixture.run(job, by: engine, log: log) }
                    }
                    try await SwarmEngineFixture.wait("two jobs do not run") {
                        logs.allSatisfy { $0 === logs[2] || !$0.places.isEmpty }
                    }
                    group.addTask { _ = try await fixture.run(jobs[2], by: engine, log: logs[2]) }
                    try await SwarmEngineFixture.wait("the third does not wait") {
                        logs[2].notices.contains { $0.isWaiting }
                    }
                    #expect(logs[2].places == [])
                    try fixture.give("1")
                    try await SwarmEngineFixture.wait("the third does not start") {
                        logs[2].places == logs[0].places
                    }
                    try fixture.give("2")
                    try fixture.give("3")
                    try await group.waitForAll()
                }
                #expect(Set(logs.prefix(2).flatMap(\.places)) == ["w1", "w2"])
            }
        }

        @Test func cancelledJobStopsWaiting() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let memory = try await fixture.bed.ask(
                    .m, "node", "inspect", "--format", "{{.Description.Resources.MemoryBytes}}",
                    "w1")
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state,
                    limits: ContainerLimits(memory: try #require(Int(memory)) / 4 * 3))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let ends = "until [ -e /signals/end ]; do sleep 0.1; done"
                    for _ in 1...2 {
                        let log = EventLog()
                        group.addTask {
                            _ = try await fixture.run(fixture.job(ends), by: engine, log: log)
                        }
                        try await SwarmEngineFixture.wait("it does not run") {
                            !log.places.isEmpty
                        }
                    }
                    await #expect(throws: CancellationError.self) {
                        try await fixture.run(fixture.job("touch /pool/run"), by: engine) { log in
                            try await SwarmEngineFixture.wait("it does not wait") {
                                log.notices.contains { $0.isWaiting }
                            }
                            throw CancellationError()
                        }
                    }
                    try fixture.give("end")
                    try await group.waitForAll()
                }
                let pool = try fixture.poolNames()
                #expect(pool == [])
            }
        }

        /// The kernel kills a compiler, and make reports only that it failed.
        @Test func compilerOutOfMemoryIsReported() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state,
                    limits: ContainerLimits(memory: 64 << 20))
                let (outcome, _) = try await fixture.run(
                    fixture.job("dd if=/dev/zero of=/dev/null bs=200000000 count=1 || exit 1"),
                    by: engine)
                let failure = try #require(outcome.failure)
                #expect(failure.status == .exited(1))
                #expect(failure.ranOutOfMemory)
            }
        }

        /// Killing processes does not free the memory of files on a tmpfs, so in the
        /// end the kernel kills everything.
        @Test func taskOutOfMemoryIsFailedStep() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state,
                    limits: ContainerLimits(memory: 64 << 20))
                let (outcome, log) = try await fixture.run(
                    fixture.job(
                        "echo before; while true; do dd if=/dev/zero bs=1000000 count=200; done"
                            + " >> /dev/shm/full 2> /dev/null"),
                    by: engine)
                let failure = try #require(outcome.failure)
                #expect(failure.ranOutOfMemory)
                #expect(log.text.first == "before")
                #expect(log.notices.count { $0.isBegunAgain } == 0)
            }
        }
    }
}

extension JobNotice {
    fileprivate var isWaiting: Bool {
        if case .waiting(let reason) = self { reason.hasPrefix("a free node") } else { false }
    }
}
