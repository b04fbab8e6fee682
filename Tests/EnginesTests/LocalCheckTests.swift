import Engines
import Exec
import SystemPackage
import TestSupport
import Testing

/// What `check` reports on machines that cannot run the engine. Each is
/// simulated in a mount namespace in which the tests are run again as
/// ``CheckedMachine``.
@Suite(
    .enabled(if: LocalEngineFixture.isAvailable, "needs bubblewrap and a static busybox"),
    .enabled(if: LocalEngineFixture.isRoot, "needs root to mount"))
struct LocalCheckTests {
    struct Machine: CustomTestStringConvertible {
        var testDescription: String
        /// Run by sh(1); `$S` is the state directory.
        var script: String
        /// What the message must end with; nil if the check must pass.
        var ending: String?
        var hint = "git config zentoo.state DIR"
    }

    static let machines = [
        Machine(testDescription: "as it is", script: "true"),
        Machine(
            testDescription: "state on an overlay",
            script: """
                mount -t tmpfs x "$S"; mkdir "$S/l" "$S/u" "$S/w" "$S/m"
                mount -t overlay x -o "lowerdir=$S/l,upperdir=$S/u,workdir=$S/w" "$S/m"
                mount --bind "$S/m" "$S"
                """,
            ending: "its file system is an overlay itself"),
        Machine(
            testDescription: "state read-only", script: "mount -t tmpfs -o ro x \"$S\"",
            ending: "Read-only file system"),
        Machine(testDescription: "state in memory", script: "mount -t tmpfs x \"$S\""),
        Machine(
            testDescription: "state without programs",
            script: "mount -t tmpfs -o noexec,nosuid,nodev x \"$S\""),
        Machine(
            testDescription: "state full",
            script: "mount -t tmpfs -o nr_inodes=4 x \"$S\"; touch \"$S/1\" \"$S/2\"",
            ending: "No space left on device"),
        Machine(
            testDescription: "an old bubblewrap",
            script: """
                mount -t tmpfs x "$S"; printf '#!/bin/sh\\necho bubblewrap 0.4.1\\n' > "$S/b"
                chmod 755 "$S/b"; mount --bind "$S/b" "$(command -v bwrap)"
                """,
            ending: "bubblewrap 0.4.1 is older than 0.8", hint: "apt install bubblewrap"),
        Machine(
            testDescription: "a broken bubblewrap",
            script: "mount --bind /bin/false \"$(command -v bwrap)\"",
            ending: "failed (exit status 1)", hint: "apt install bubblewrap"),
    ]

    @Test(arguments: machines)
    func checkReportsObstacle(_ machine: Machine) async throws {
        try await TemporaryDirectory.with { directory in
            let tests = TestBundle.invocation(filter: "EnginesTests.CheckedMachine")
            var environment = tests.environment
            environment["S"] = directory.string
            environment["ZENTOO_CHECKED_STATE"] = directory.string
            environment["ZENTOO_CHECKED_ENDING"] = machine.ending
            environment["ZENTOO_CHECKED_HINT"] = machine.hint
            let invocation = Invocation(
                "unshare",
                [
                    "--mount", "--propagation", "private", "--", "sh", "-ec",
                    machine.script + "\nexec \"$0\" \"$@\"", tests.program,
                ] + tests.arguments,
                environment: environment)
            let (passed, log) = try await TestBundle.outcome(of: invocation)
            #expect(passed, "\(log)")
            #expect(log.contains("Suite CheckedMachine passed"), "\(log)")
        }
    }
}

/// Not a test of its own: see ``LocalCheckTests``.
@Suite(.enabled(if: TestBundle.variable("ZENTOO_CHECKED_STATE") != nil, "run by another test"))
struct CheckedMachine {
    @Test func checkJudgesMachine() async throws {
        let state = FilePath(try #require(TestBundle.variable("ZENTOO_CHECKED_STATE")))
        let engine = LocalEngine(state: state, launcher: BuiltPrograms.gitZentoo)
        guard let ending = TestBundle.variable("ZENTOO_CHECKED_ENDING") else {
            try await engine.check()
            return
        }
        let error = await #expect(throws: EngineError.self) { try await engine.check() }
        #expect(error?.code == .unavailable)
        #expect(error?.message.hasSuffix(ending) == true, "\(error?.message ?? "")")
        let hint = try #require(TestBundle.variable("ZENTOO_CHECKED_HINT"))
        #expect(error?.hints.first == hint)
    }
}
