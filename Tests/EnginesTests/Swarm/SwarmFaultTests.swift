import Engines
import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SwarmEngineTests {
    /// Failures of nodes, and of the process that started a job, while it runs.
    @Suite struct Faults {
        /// The first run writes `first`, and once a second run exists writes it again
        /// and again, whether or not anyone reads it; the second writes `second`.
        private static let twoRuns = """
            put() {
                echo "$2" > "/pool/.$1"
                mv "/pool/.$1" "/pool/$1"
            }
            if mkdir /signals/first 2> /dev/null; then
                put result first
                put early.gpkg.tar first
                touch /signals/ready
                until [ -e /signals/second ]; do sleep 0.1; done
                n=0
                while true; do
                    put result first || true
                    put "late-$n" first || true
                    n=$((n + 1))
                    touch /signals/late
                done 2> /dev/null
            fi
            touch /signals/second
            until [ -e /signals/late ]; do sleep 0.1; done
            put result second
            """

        @Test(arguments: [true, false])
        func jobOfLostNodeEndsOnAnother(isKilled: Bool) async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let (outcome, log) = try await fixture.run(fixture.job(Self.twoRuns)) { log in
                    try await fixture.wait(for: "ready")
                    let node = try await Self.node(of: log)
                    if isKilled {
                        try await fixture.bed.kill(node)
                    } else {
                        try await fixture.bed.cutOff(node)
                    }
                }
                #expect(outcome.failure == nil)
                try Self.expectASecondRun(fixture, log)
                try await fixture.bed.heal()
                // The lost node is back, and its run is too late.
                try await SwarmEngineFixture.wait("the first run goes on") {
                    try await fixture.running().isEmpty
                }
                try Self.expectASecondRun(fixture, log)
                // The directory could not be removed while that run wrote to it.
                try await fixture.engine.sweep()
            }
        }

        @Test func jobOfDrainedNodeEndsOnAnother() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                try fixture.give("late")
                let (outcome, log) = try await fixture.run(fixture.job(Self.twoRuns)) { log in
                    try await fixture.wait(for: "ready")
                    try await fixture.bed.drain(try await Self.node(of: log))
                }
                #expect(outcome.failure == nil)
                try Self.expectASecondRun(fixture, log)
            }
        }

        /// Each node has room for one container: only the companion's place is left for
        /// the steps.
        @Test func restartedJobTakesCompanionsPlace() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let said = try await fixture.bed.ask(
                    .m, "node", "inspect", "--format", "{{.Description.Resources.NanoCPUs}}", "w1")
                let engine = SwarmEngineFixture.engine(
                    of: fixture.bed, state: fixture.state,
                    limits: ContainerLimits(
                        processors: try #require(Int(said)) / 1_000_000_000))
                var job = fixture.job("until [ -e /signals/go ]; do sleep 0.1; done")
                job.steps[0].network = .companions
                job.companions = [
                    Step(name: "one", command: ["sleep", "86400"], network: .companions)
                ]
                let (outcome, log) = try await fixture.run(job, by: engine) { log in
                    try await SwarmEngineFixture.wait("both do not run") {
                        try await fixture.running().count == 2
                    }
                    try await fixture.bed.drain(try await Self.node(of: log))
                    try await SwarmEngineFixture.wait("it is not begun again") {
                        log.places.count == 2
                    }
                    try fixture.give("go")
                }
                #expect(outcome.failure == nil)
                #expect(Set(log.places) == ["w1", "w2"])
            }
        }

        /// The other node is drained too: a job that is lost repeatedly is given up
        /// with an error.
        @Test func jobWithoutNodeIsGivenUp() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let error = await #expect(throws: EngineError.self) {
                    try await fixture.run(fixture.job(Self.twoRuns)) { _ in
                        try await fixture.wait(for: "ready")
                        try await fixture.bed.drain(.w1)
                        try await fixture.bed.drain(.w2)
                    }
                }
                #expect(error?.code == .unavailable)
                #expect(
                    error?.message
                        == "no node that fits takes jobs: 'w1' is drain, 'w2' is drain")
                let pool = try fixture.poolNames()
                #expect(pool == [])
            }
        }

        /// - Parameter endsMeanwhile: whether the job ends while no manager is running.
        @Test(arguments: [true, false])
        func restartedManagerDisturbsNoJob(endsMeanwhile: Bool) async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let job = fixture.job(
                    """
                    echo before; touch /signals/ready
                    until [ -e /signals/go ]; do sleep 0.1; done
                    echo after; touch /pool/made /signals/done
                    """)
                let (outcome, log) = try await fixture.run(job) { log in
                    try await fixture.wait(for: "ready")
                    // Wait until the job's node is known: it is not reported later.
                    try await SwarmEngineFixture.wait("the job has no place") {
                        log.places.count == 1
                    }
                    try await fixture.bed.kill(.m)
                    if endsMeanwhile {
                        try fixture.give("go")
                        try await fixture.wait(for: "done")
                    }
                    try await fixture.bed.restart(.m)
                    try fixture.give("go")
                }
                #expect(outcome.steps.map(\.status) == [.exited(0)])
                #expect(log.text == ["before", "after"], "\(log.notices)")
                #expect(log.places.count == 1)
                let pool = try fixture.poolNames()
                #expect(pool == ["made"])
            }
        }

        @Test func jobCancelledWithoutManagerIsSwept() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let job = fixture.job(Self.twoRuns)
                await #expect(throws: CancellationError.self) {
                    try await fixture.run(job) { _ in
                        try await fixture.wait(for: "ready")
                        try fixture.give("second")
                        try await fixture.wait(for: "late")
                        try await fixture.bed.kill(.m)
                        throw CancellationError()
                    }
                }
                try await fixture.bed.restart(.m)
                try await fixture.engine.sweep()
                let pool = try fixture.poolNames()
                #expect(pool == [])
            }
        }

        @Test func removedServiceIsRestarted() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                try fixture.give("late")
                let (outcome, log) = try await fixture.run(fixture.job(Self.twoRuns)) { _ in
                    try await fixture.wait(for: "ready")
                    let name = try await fixture.bed.ask(
                        .m, "service", "ls", "--quiet", "--filter",
                        "label=zentoo.state=\(fixture.state)")
                    try await fixture.bed.ask(.m, "service", "rm", name)
                }
                #expect(outcome.failure == nil)
                let pool = try fixture.poolNames()
                #expect(pool == ["early.gpkg.tar", "result"])
                #expect(log.notices.contains { $0.isBegunAgain })
            }
        }

        /// The process that runs the job is killed. Nothing informs the swarm, so the
        /// job continues until the next sweep. ``SwarmVictim`` runs in that process.
        @Test func jobOfKilledOwnerIsSwept() async throws {
            try await SwarmEngineFixture.withFaults { fixture in
                let docker = fixture.bed.environment(of: .m)
                let victim = TestBundle.invocation(
                    filter: "EnginesTests.SwarmVictim",
                    environment: [
                        "ZENTOO_SWARM_VICTIM_DIRECTORY": fixture.directory.string,
                        "ZENTOO_SWARM_VICTIM_HOST": docker["DOCKER_HOST"] ?? "",
                        "ZENTOO_SWARM_VICTIM_HOME": docker["HOME"] ?? "",
                    ])
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await victim.run() }
                    try await fixture.wait(for: "ready")
                    let owner = try #require(
                        pid_t(try Processes.text(of: fixture.signals.appending("owner"))))
                    // Its owner is still alive.
                    let none = try await fixture.engine.sweep()
                    #expect(none == [])
                    kill(owner, SIGKILL)
                    try await group.waitForAll()
                }
                try fixture.give("second")
                try await fixture.wait(for: "late")
                let swept = try await fixture.engine.sweep()
                let scratch = fixture.state.appending("jobs/victim").string
                #expect(swept == ["service zentoo-victim-1", scratch])
                let pool = try fixture.poolNames()
                #expect(pool == [])
            }
        }

        static let victim = twoRuns

        /// Returns the node of the first run, which starts before its node is known.
        private static func node(of log: EventLog) async throws -> SwarmTestBed.Node {
            try await SwarmEngineFixture.wait("it has no node") { !log.places.isEmpty }
            return try #require(log.places.first.flatMap(SwarmTestBed.Node.init(rawValue:)))
        }

        private static func expectASecondRun(_ fixture: SwarmEngineFixture, _ log: EventLog) throws
        {
            let pool = try fixture.poolNames()
            // A package that was complete when the first run was given up is kept.
            #expect(pool == ["early.gpkg.tar", "result"])
            #expect(try Processes.text(of: fixture.pool.appending("result")) == "second\n")
            #expect(Set(log.places).count == 2)
            #expect(log.notices.count { $0.isBegunAgain } == 1)
        }
    }
}

extension JobNotice {
    var isBegunAgain: Bool {
        if case .begunAgain = self { true } else { false }
    }
}

/// Not a test of its own: ``SwarmEngineTests/Faults/jobOfKilledOwnerIsSwept()``
/// runs it in another process and kills that.
@Suite(
    .enabled(
        if: TestBundle.variable("ZENTOO_SWARM_VICTIM_DIRECTORY") != nil, "run by another test"))
struct SwarmVictim {
    @Test func runsUntilKilled() async throws {
        let directory = FilePath(
            try #require(TestBundle.variable("ZENTOO_SWARM_VICTIM_DIRECTORY")))
        let signals = directory.appending("signals")
        try EngineContractStage.write("\(getpid())", to: signals.appending("owner"))
        var environment = Invocation.basicEnvironment
        environment["DOCKER_HOST"] = TestBundle.variable("ZENTOO_SWARM_VICTIM_HOST")
        environment["HOME"] = TestBundle.variable("ZENTOO_SWARM_VICTIM_HOME")
        let state = directory.appending("state")
        let engine = SwarmEngine(
            docker: DockerProgram(environment: environment), state: state,
            storage: ContainerStorage([.init(state)]), contexts: SwarmTestBed.contexts,
            privileges: .ofTests)
        let stage = StageImage(
            name: "busybox", digest: String(repeating: "0", count: 64),
            tree: directory.appending("stage"))
        _ = try await engine.run(
            Job(
                id: "victim", root: .overlay(stage),
                steps: [
                    Step(
                        name: "hang", command: ["sh", "-ec", SwarmEngineTests.Faults.victim],
                        mounts: [
                            .fenced(source: directory.appending("pool"), target: "/pool"),
                            .readWrite(source: signals, target: "/signals"),
                        ])
                ])
        ) { _ in }
    }
}
