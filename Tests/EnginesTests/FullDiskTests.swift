import Engines
import Exec
import SystemPackage
import TestSupport
import Testing

/// Jobs whose directory is on a full file system. It is mounted in a mount
/// namespace in which the tests are run again as ``FullDisk``.
@Suite(
    .enabled(if: LocalEngineFixture.isAvailable, "needs bubblewrap and a static busybox"),
    .enabled(if: LocalEngineFixture.isRoot, "needs root to mount"))
struct FullDiskTests {
    @Test func fullDiskIsFailedStep() async throws {
        try await run("mount -t tmpfs -o size=4m x \"$S/jobs\"", as: "fills")
    }

    @Test func fullDiskAtStartIsReported() async throws {
        try await run(
            """
            mount -t tmpfs -o size=1m x "$S/jobs"
            dd if=/dev/zero of="$S/jobs/.filler" bs=4k 2>/dev/null || true
            """, as: "begins")
    }

    private func run(_ script: String, as what: String) async throws {
        try await LocalEngineFixture.with { fixture in
            let tests = TestBundle.invocation(filter: "EnginesTests.FullDisk/")
            var environment = tests.environment
            environment["S"] = fixture.state.string
            environment["ZENTOO_FULL_DISK"] = fixture.directory.string
            environment["ZENTOO_FULL_DISK_TEST"] = what
            let invocation = Invocation(
                "unshare",
                [
                    "--mount", "--propagation", "private", "--", "sh", "-ec",
                    "mkdir -p \"$S/jobs\"\n\(script)\nexec \"$0\" \"$@\"", tests.program,
                ] + tests.arguments, environment: environment)
            let (passed, log) = try await TestBundle.outcome(of: invocation)
            #expect(passed, "\(log)")
            #expect(log.contains("Suite FullDisk passed"), "\(log)")
        }
    }
}

/// Not a test of its own: see ``FullDiskTests``.
@Suite(.enabled(if: TestBundle.variable("ZENTOO_FULL_DISK") != nil, "run by another test"))
struct FullDisk {
    @Test func fullDiskIsReported() async throws {
        let directory = FilePath(try #require(TestBundle.variable("ZENTOO_FULL_DISK")))
        let state = directory.appending("state")
        let engine = LocalEngine(state: state, launcher: BuiltPrograms.gitZentoo)
        let stage = StageImage(
            name: "busybox", digest: "0", tree: directory.appending("stage"))
        let fill = Step(
            name: "fill",
            command: ["sh", "-c", "dd if=/dev/zero of=/filler bs=4k 2>/dev/null; exit 3"])
        // The step that reports what was made comes later and still runs.
        let after = Step(
            name: "after", command: ["sh", "-c", "echo told > /out/told"],
            mounts: [.readWrite(source: directory, target: "/out")], condition: .always)
        let job = Job(id: "full", root: .overlay(stage), steps: [fill, after])
        if TestBundle.variable("ZENTOO_FULL_DISK_TEST") == "begins" {
            let error = await #expect(throws: EngineError.self) {
                try await engine.run(job) { _ in }
            }
            #expect(error?.code == .noSpace)
            #expect(error?.message.contains("\(state)/jobs") == true, "\(error?.message ?? "")")
            return
        }
        let outcome = try await engine.run(job) { _ in }
        #expect(outcome.steps.map(\.status) == [.exited(3), .exited(0)])
        #expect(try Processes.text(of: directory.appending("told")) == "told\n")
    }
}
