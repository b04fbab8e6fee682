@testable import Builds
import Engines
import Exec
import Files
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

/// What killed processes leave in the state directory: the doctor reports it,
/// repair removes it, and what is in use stays.
@Suite struct StateLeftoversTests {
    @Test func leftoversAreReportedAndRemoved() async throws {
        try await RecordFixture.with { fixture in
            let machine = fixture.machine
            let state = machine.state
            let dead = BuildID.make(now: Timestamp(seconds: 1_000_000))
            let placed = BuildID.make(now: Timestamp(seconds: 2_000_000))
            let place = fixture.files.root.appending("made")
            try Directory.create(state.locks)
            try FileContent.write([], to: state.locks.appending("build-\(dead)"))
            try FileContent.write(
                Array("\(place)\0".utf8), to: state.locks.appending("place-\(placed)"))
            try Directory.create(place)
            for path in ["stages/.incoming-abcdef/new", "check-abcdef", "repos/x/.incoming-abc"] {
                try Directory.create(state.path.pushing(FilePath(path)))
            }
            let temporary = state.logs.appending(".x.12345678901234567890")
            try Directory.create(state.logs)
            try FileContent.write([], to: temporary)
            // None of these is a leftover.
            let kept = [
                "locks/queue-main:x", "locks/worker", "logs/x.log", "logs/.young.12345678901",
            ]
            for path in kept {
                try FileContent.write([], to: state.path.pushing(FilePath(path)))
            }
            let living = state.path.pushing("stages/.incoming-living")
            try Directory.create(living)
            let lock = try FileLock.tryLock(living.appending("lock"))
            for path in [temporary, state.path.appending("check-abcdef")] {
                try await Invocation("touch", ["-d", "1 hour ago", "\(path)"]).run().orThrow()
            }

            let running = BuildID.make()
            try await BuildLife.during(running, in: state) {
                let message = try #require(
                    try LeftoverCheck(fixture.repository, state: state).findings().first)
                #expect(message.level == .warn)
                let told = message.message.split(separator: "; ").map(String.init)
                #expect(
                    told == [
                        "lock of build \(dead)", "what build \(placed) had not finished",
                        "unfinished '\(state.path)/stages/.incoming-abcdef'",
                        "unfinished '\(state.path)/repos/x/.incoming-abc'",
                        "'\(state.path)/check-abcdef'", "temporary file '\(temporary)'",
                    ])
                let report = try await Repair(machine: machine).run()
                #expect(report.removed.count == 5)
                #expect(report.obstacles == [])
                #expect(try BuildLife.isHeld(running, in: state))
            }
            #expect(try StateLeftovers(state).all() == [])
            #expect(try FileStatus.of(place) == nil)
            #expect(try FileStatus.of(living) != nil)
            for path in kept {
                #expect(try FileStatus.of(state.path.pushing(FilePath(path))) != nil, "\(path)")
            }
            _ = consume lock
        }
    }

    /// A search for dead builds may remove a lock file just before it is locked.
    @Test func removedLockFileIsDetected() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.appending("lock")
            let lock = try await FileLock.lock(path)
            let isOf = try lock.isOf(path)
            try FileContent.remove(path)
            let isOfNothing = try lock.isOf(path)
            let other = try await FileLock.lock(path)
            let isOfAnother = try lock.isOf(path)
            let isOtherOf = try other.isOf(path)
            #expect(isOf && !isOfNothing && !isOfAnother && isOtherOf)
        }
    }
}
