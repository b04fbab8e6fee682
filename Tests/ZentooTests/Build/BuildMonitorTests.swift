@testable import Builds
import Engines
import Exec
@testable import Records
import Synchronization
import Testing

/// What a build learns from the output of its jobs.
struct BuildMonitorTests {
    private func monitor(_ lines: [String], step: String = "compile") -> BuildMonitor {
        let monitor = BuildMonitor(log: nil, report: { _ in })
        monitor.hear(.started(step: step))
        for line in lines { monitor.hear(.line(step: step, bytes: Array(line.utf8))) }
        return monitor
    }

    private func ended(_ step: String, _ status: Int32, isOutOfMemory: Bool = false) -> StepResult {
        StepResult(
            name: step, status: .exited(status), duration: .seconds(3),
            ranOutOfMemory: isOutOfMemory)
    }

    @Test func everyFailedPackageIsKnown() {
        let monitor = monitor([
            ">>> Failed to install cat/odd-1, Log file:",
            " * ERROR: cat/one-1::demo failed (compile phase):",
            ">>> Failed to install cat/one-1, Log file:",
            " * ERROR: cat/two-2::demo failed (test phase):",
            " * ERROR: cat/two-2::demo failed (test phase):",
        ])
        #expect(
            monitor.failures == [
                PackageFailure(package: "cat/one-1", phase: "compile"),
                PackageFailure(package: "cat/two-2", phase: "test"),
                PackageFailure(package: "cat/odd-1", phase: "merge"),
            ])
        let failure = monitor.failure(of: ended("compile", 1), log: "x")
        #expect(failure.package == "cat/one-1" && failure.phase == "compile")
        // A hook fails by itself, whatever emerge has printed.
        let ofHook = monitor.failure(of: ended("premerge.d/10-a", 1), log: "x")
        #expect(ofHook.package == nil && ofHook.phase == "premerge.d/10-a")
    }

    @Test func outputAfterAFailureIsNotItsCause() {
        let monitor = monitor((1...30).map { "line \($0)" })
        monitor.hear(.ended(ended("compile", 1)))
        monitor.hear(.line(step: "harvest", bytes: Array("later".utf8)))
        #expect(monitor.lastLines == (11...30).map { "line \($0)" })
    }

    @Test func lackOfSpaceAndMemoryAreNoFaultOfAPackage() {
        let full = monitor([
            " * ERROR: cat/one-1::demo failed (compile phase):",
            "ld: final link failed: No space left on device",
        ])
        let failure = full.failure(of: ended("compile", 1), log: "x")
        #expect(failure.phase == BuildResult.Failure.noSpace && failure.package == nil)
        let starved = monitor([" * ERROR: cat/one-1::demo failed (compile phase):"])
        starved.hear(.ended(ended("compile", 1, isOutOfMemory: true)))
        let other = starved.failure(of: ended("compile", 1), log: "x")
        #expect(other.phase == BuildResult.Failure.noMemory && other.package == "cat/one-1")
    }

    @Test func jobThatBeginsAgainForgetsItsFirstRun() {
        let monitor = monitor([
            " * ERROR: cat/one-1::demo failed (compile phase):", "Unable to unshare: EPERM",
            ">>> zentoo: merge route=native packages=3",
        ])
        #expect(monitor.unsandboxed == ["namespaces"] && monitor.merge?.counts["packages"] == 3)
        monitor.hear(.notice(.emulated(by: "qemu-riscv64")))
        monitor.hear(.notice(.begunAgain(because: "node 'w1' is down")))
        #expect(monitor.failures == [] && monitor.unsandboxed == [] && monitor.merge == nil)
        #expect(monitor.lastLines == [])
        #expect(monitor.emulator == "qemu-riscv64")
    }

    @Test func eventsAreReportedInOrder() {
        let events = Mutex<[BuildEvent]>([])
        let monitor = BuildMonitor(log: nil) { event in events.withLock { $0.append(event) } }
        monitor.hear(.started(step: "compile"))
        for line in [
            ">>> Emerging (1 of 2) cat/one-1::demo", ">>> Compiling source in /var/tmp/x ...",
            ">>> Completed (1 of 2) cat/one-1::demo",
            ">>> Emerging binary (2 of 2) cat/two-1::demo",
        ] {
            monitor.hear(.line(step: "compile", bytes: Array(line.utf8)))
        }
        #expect(
            events.withLock { $0 } == [
                .step("compile"), .package(index: 1, total: 2, cpv: "cat/one-1", binary: false),
                .phase("compiling"), .completed(index: 1, total: 2, cpv: "cat/one-1"),
                .package(index: 2, total: 2, cpv: "cat/two-1", binary: true),
            ])
        // Only what was compiled has a duration.
        #expect(monitor.durations.keys.sorted() == ["cat/one-1"])
    }
}
