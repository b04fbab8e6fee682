import Engines
import Exec
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Real jobs in real roots, run by the current user; ``PlainUserTests`` runs
/// them as an unprivileged one.
@Suite(
    .serialized,
    .enabled(if: LocalEngineFixture.isAvailable, "needs bubblewrap and a static busybox"))
struct LocalEngineTests {
    @Test(arguments: EngineContract.StepClause.allCases)
    func keepsTheContract(_ clause: EngineContract.StepClause) async throws {
        try await LocalEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.CompanionClause.allCases)
    func keepsTheContract(_ clause: EngineContract.CompanionClause) async throws {
        try await LocalEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.RootClause.allCases)
    func keepsTheContract(_ clause: EngineContract.RootClause) async throws {
        try await LocalEngineFixture.with { try await $0.contract.check(clause) }
    }

    @Test(arguments: EngineContract.ConfinementClause.allCases)
    func keepsTheContract(_ clause: EngineContract.ConfinementClause) async throws {
        try await LocalEngineFixture.with { try await $0.contract.check(clause) }
    }

    /// The device nodes are bind mounts from this machine, so the test sets only
    /// the permissions that they already have.
    @Test func jobsCannotChangeDevices() async throws {
        try await LocalEngineFixture.with { fixture in
            let outcome = try await fixture.engine.run(
                Job(
                    id: "devices", root: .overlay(fixture.stage),
                    steps: [
                        fixture.step(
                            """
                            for device in null zero full random urandom; do
                                ! chmod "$(stat -c %a /dev/$device)" /dev/$device
                                echo x >/dev/null
                            done
                            """)
                    ])
            ) { _ in }
            #expect(outcome.failure == nil)
        }
    }

    @Test func statusListsJobs() async throws {
        try await LocalEngineFixture.with { fixture in
            try await EngineStatusClause.check(fixture.engine, nil, stage: fixture.stage)
            #expect(try await fixture.engine.status().version.hasPrefix("bubblewrap "))
        }
    }

    @Test func checkPassesAndLeavesNothing() async throws {
        try await LocalEngineFixture.with { fixture in
            try await fixture.engine.check()
            for place in [fixture.state.appending("jobs/.lock"), fixture.state.appending("jobs")] {
                #expect(remove(place.string) == 0)
            }
            #expect(rmdir(fixture.state.string) == 0)
        }
    }

    @Test func oddPathsAreNotOptions() async throws {
        try await LocalEngineFixture.with(stateName: #"a,b:c\d 'e' é"#) { fixture in
            let odd = fixture.directory.appending(#"stage,x:y\z"#)
            let (from, to) = (fixture.stage.tree.string, odd.string)
            try #require(rename(from, to) == 0)
            var stage = fixture.stage
            stage.tree = odd
            let job = Job(
                id: "odd", root: .overlay(stage), steps: [fixture.step("cat /etc/motd")])
            let outcome = try await fixture.engine.run(job) { _ in }
            #expect(outcome.failure == nil)
            #expect(try fixture.leftovers(of: job.id) == [])
        }
    }

    @Test func jobCannotRunTwice() async throws {
        try await LocalEngineFixture.with { fixture in
            let job = Job(
                id: "twice", root: .overlay(fixture.stage),
                steps: [fixture.step("echo ready; sleep 3600")])
            let (ready, isReady) = AsyncStream<Void>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try await fixture.engine.run(job) { event in
                        if case .line = event { isReady.yield() }
                    }
                }
                for await _ in ready { break }
                let error = await #expect(throws: EngineError.self) {
                    try await fixture.engine.run(job) { _ in }
                }
                #expect(error?.code == .setup)
                // A sweep must not mistake a running job for a dead one.
                let swept = try await fixture.sweep()
                #expect(swept == [])
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
    }

    @Test func missingStageIsNamed() async throws {
        try await LocalEngineFixture.with { fixture in
            var stage = fixture.stage
            stage.tree = fixture.directory.appending("no-stage")
            let job = Job(
                id: "missing", root: .overlay(stage), steps: [fixture.step("true")])
            let error = await #expect(throws: EngineError.self) {
                try await fixture.engine.run(job) { _ in }
            }
            #expect(
                error?.message == "cannot open stage '\(stage.tree)': No such file or directory")
            let left = try fixture.leftovers(of: job.id)
            #expect(left == [])
        }
    }

    /// Whatever the launcher or bwrap is doing when it is terminated.
    @Test func cancelledJobLeavesNothing() async throws {
        try await LocalEngineFixture.with { fixture in
            let marker = Int.random(in: 1_000_000_000..<9_000_000_000)
            for round in 0..<30 {
                let delay = Duration.microseconds(Int.random(in: round * 2000..<(round + 1) * 2000))
                let job = Job(
                    id: "early-\(marker)-\(round)", root: .overlay(fixture.stage),
                    steps: [fixture.step("sleep \(marker)")])
                await #expect(throws: CancellationError.self) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { _ = try await fixture.engine.run(job) { _ in } }
                        try await Task.sleep(for: delay)
                        group.cancelAll()
                        try await group.waitForAll()
                    }
                }
                let left = try fixture.leftovers(of: job.id)
                #expect(left == [], "ended after \(delay)")
            }
            let running = try Processes.commandLines(with: String(marker))
            #expect(running == [])
        }
    }

    @Test(.enabled(if: hasAttributeTools, "needs setfattr and getfattr"))
    func extendedAttributesSurviveCopyUp() async throws {
        try await LocalEngineFixture.with { fixture in
            let file = fixture.stage.tree.appending("etc/motd")
            try await Invocation("setfattr", ["-n", "user.zentoo", "-v", "kept", file.string])
                .run().orThrow()
            let job = Job(
                id: "attributes", root: .overlay(fixture.stage),
                steps: [fixture.step("chmod 4711 /etc/motd")], keepsRoot: true)
            let kept = try #require(try await fixture.engine.run(job) { _ in }.keptRoot)
            let copy = kept.appending("upper/etc/motd")
            let read = Invocation(
                "getfattr", ["--only-values", "-n", "user.zentoo", copy.string])
            #expect(try await read.run().orThrow().text == "kept")
            var status = stat()
            try #require(stat(copy.string, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o4711)
            // A sweep does not remove kept roots.
            #expect(try await fixture.sweep() == [])
            try await Privileges.ofTests.removeTree(kept)
        }
    }

    static let hasAttributeTools =
        access("/usr/bin/setfattr", X_OK) == 0 && access("/usr/bin/getfattr", X_OK) == 0

    @Test func killedLauncherIsSetupError() async throws {
        try await LocalEngineFixture.with { fixture in
            let job = Job(
                id: "unlucky", root: .overlay(fixture.stage),
                steps: [fixture.step("echo ready; sleep 3600")])
            let launchers = Mutex<[Int32]>([])
            let error = await #expect(throws: EngineError.self) {
                try await fixture.engine.run(job) { event in
                    guard case .line = event else { return }
                    let own = (try? Processes.all(with: fixture.state.string)) ?? []
                    let ids = own.filter { $0.commandLine.contains(LocalLauncher.flag) }.map(\.id)
                    launchers.withLock { $0 += ids }
                    for id in ids { kill(id, SIGKILL) }
                }
            }
            #expect(launchers.withLock { $0.count } == 1)
            #expect(error?.code == .setup)
            #expect(
                error?.message == "the launcher of step 'shell' ended early (signal 9)")
            let left = try fixture.leftovers(of: job.id)
            #expect(left == [])
        }
    }

    /// The last output of the step is not the reason why it ended.
    @Test func killedBubblewrapIsNamed() async throws {
        try await LocalEngineFixture.with { fixture in
            let job = Job(
                id: "unlucky", root: .overlay(fixture.stage),
                steps: [fixture.step("echo load average 5.0; sleep 3600")])
            let error = await #expect(throws: EngineError.self) {
                try await fixture.engine.run(job) { event in
                    guard case .line = event else { return }
                    let own = (try? Processes.all(with: fixture.state.string)) ?? []
                    // The process with the lowest id started the other.
                    let ids = own.filter { $0.commandLine.hasPrefix("bwrap") }.map(\.id)
                    if let id = ids.min() { kill(id, SIGKILL) }
                }
            }
            #expect(error?.code == .setup)
            #expect(error?.message == "bwrap was killed by signal 9 while the step ran")
            let left = try fixture.leftovers(of: job.id)
            #expect(left == [])
        }
    }

    @Test func killedLauncherIsSwept() async throws {
        try await LocalEngineFixture.with { fixture in
            let scratch = fixture.state.appending("jobs").appending("dead")
            for path in [fixture.state, fixture.state.appending("jobs"), scratch] {
                try #require(mkdir(path.string, 0o700) == 0)
            }
            let marker = String(Int.random(in: 1_000_000_000..<9_000_000_000))
            // Stopped, like a child that waits for the signal to begin.
            func straggler(_ root: FilePath) -> Invocation {
                Invocation(
                    "sh", ["-c", "kill -STOP $$", marker, "--bind", root.string, "/"],
                    grace: .milliseconds(50))
            }
            let stranger = fixture.directory.appending("root")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let completion = try await straggler(scratch.appending("root")).run()
                    #expect(completion.status == .signaled(SIGKILL))
                }
                group.addTask { _ = try await straggler(stranger).run() }
                try await Patience.wait(for: "both run", every: .milliseconds(5)) {
                    try Processes.commandLines(with: marker).count == 2
                }
                let swept = try await fixture.sweep()
                #expect(swept == [scratch])
                try await group.next()
                let left = try Processes.commandLines(with: marker)
                #expect(left.count == 1 && left[0].contains(stranger.string))
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
    }

    @Test func shellReadsStandardInput() async throws {
        try await LocalEngineFixture.with { fixture in
            var visit = TestBundle.invocation(
                filter: "EnginesTests.Visitor",
                environment: ["ZENTOO_VISITOR_DIRECTORY": fixture.directory.string])
            visit.input = .bytes(Array("cat /etc/motd; cat /first; exit 7\n".utf8))
            let (passed, log) = try await TestBundle.outcome(of: visit)
            #expect(passed, "\(log)")
            #expect(log.contains("original\n") && log.contains("before\n"), "\(log)")
        }
    }

    /// The process that runs the job is killed; the job must end with it, and the
    /// next sweep must clean up. ``Victim`` runs in that process.
    @Test func killedOwnerEndsItsJob() async throws {
        try await LocalEngineFixture.with { fixture in
            let marker = Int.random(in: 1_000_000_000..<9_000_000_000)
            let ready = fixture.directory.appending("ready")
            try #require(ready.withPlatformString { mkdir($0, 0o755) } == 0)
            let victim = TestBundle.invocation(
                filter: "EnginesTests.Victim",
                environment: [
                    "ZENTOO_VICTIM_DIRECTORY": fixture.directory.string,
                    "ZENTOO_VICTIM_MARKER": String(marker),
                ])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await victim.run() }
                let running = ready.appending("pid")
                try await Patience.wait(for: "the job runs", every: .milliseconds(20)) {
                    access(running.string, F_OK) == 0
                }
                let owner = try #require(
                    pid_t(try Processes.text(of: ready.appending("owner"))))
                #expect(try Processes.commandLines(with: String(marker)).count > 1)
                kill(owner, SIGKILL)
                try await group.waitForAll()
            }
            try await Patience.wait(for: "the job ends with its owner") {
                try Processes.commandLines(with: String(marker)).isEmpty
            }
            let scratch = fixture.state.appending("jobs").appending("victim")
            #expect(try await fixture.sweep() == [scratch])
            #expect(try fixture.leftovers(of: "victim") == [])
        }
    }
}

/// Not a test of its own: ``LocalEngineTests/killedOwnerEndsItsJob()`` runs it
/// in another process and kills that.
@Suite(.enabled(if: TestBundle.variable("ZENTOO_VICTIM_DIRECTORY") != nil, "run by another test"))
struct Victim {
    @Test func runsUntilKilled() async throws {
        let directory = FilePath(try #require(TestBundle.variable("ZENTOO_VICTIM_DIRECTORY")))
        let marker = try #require(TestBundle.variable("ZENTOO_VICTIM_MARKER"))
        let ready = directory.appending("ready")
        try EngineContractStage.write("\(getpid())", to: ready.appending("owner"))
        let engine = LocalEngine(
            state: directory.appending("state"), launcher: BuiltPrograms.gitZentoo)
        let stage = StageImage(
            name: "busybox", digest: "0", tree: directory.appending("stage"))
        _ = try await engine.run(
            Job(
                id: "victim", root: .overlay(stage),
                steps: [
                    Step(
                        name: "hang",
                        command: ["sh", "-c", "sleep \(marker) & echo $! > /ready/pid; wait"],
                        mounts: [.readWrite(source: ready, target: "/ready")])
                ])
        ) { _ in }
    }
}

/// Not a test of its own: ``LocalEngineTests/shellReadsStandardInput()`` runs
/// it with a standard input of its own.
@Suite(.enabled(if: TestBundle.variable("ZENTOO_VISITOR_DIRECTORY") != nil, "run by another test"))
struct Visitor {
    @Test func entersRoot() async throws {
        let directory = FilePath(try #require(TestBundle.variable("ZENTOO_VISITOR_DIRECTORY")))
        let engine = LocalEngine(
            state: directory.appending("state"), launcher: BuiltPrograms.gitZentoo)
        let stage = StageImage(
            name: "busybox", digest: "0", tree: directory.appending("stage"))
        let job = Job(
            id: "visit", root: .overlay(stage),
            steps: [
                Step(name: "first", command: ["sh", "-c", "echo before > /first"]),
                Step(name: "shell", command: ["sh"]),
            ])
        let outcome = try await engine.enter(job, then: { _ in [] }, onEvent: { _ in })
        #expect(outcome.steps.map(\.status) == [.exited(0), .exited(7)])
    }
}
