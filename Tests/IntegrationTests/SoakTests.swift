import Exec
import Files
import Glibc
@testable import Records
import Server
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// A server under combined load: clones that push concurrently, valid and
    /// hostile pushes, workers that are killed or whose clock is set back, a disk
    /// that is sometimes full, and garbage collection in between.
    @Suite struct SoakTests {
        /// Seconds; set `ZENTOO_SOAK` for a longer run than CI has time for.
        private static let length = getenv("ZENTOO_SOAK").flatMap { Int(String(cString: $0)) } ?? 25

        private static let tuples = ["x86-64-v3-base-plain-tool", "x86-64-v2-base-plain-tool"]
        private static let branch = "buildhooks/plain"

        /// The results of the pushers.
        private struct Tally: Sendable {
            var accepted = 0
            var refused = 0
            /// Pushes with an unexpected result.
            var wrong: [String] = []

            mutating func add(_ other: Tally) {
                accepted += other.accepted
                refused += other.refused
                wrong += other.wrong
            }
        }

        /// Locks of the pushers and of the disk. Garbage collection takes all of them,
        /// because `git gc --prune=now` removes objects that others are writing.
        private struct Gate: Sendable {
            let path: FilePath

            func passing<Result: Sendable>(
                _ name: String, _ body: @Sendable () async throws -> Result
            ) async throws -> Result {
                try await FileLock.holding(path.appending(name), body: body)
            }
        }

        /// Only root can mount a separate disk to fill.
        @Test(
            .enabled(if: geteuid() == 0, "needs root"),
            .enabled(if: Clock.library != nil, "needs libfaketime"))
        func soakLosesNothingAndBuildsOnce() async throws {
            try await DemoWorkshop.withSite { site in
                try site.change(
                    "main", ["config/tuples": Self.tuples.map { $0 + "\n" }.joined()])
                try await site.zentoo("hook", "install").orThrow()
                let disk = try await Disk(of: site)
                do {
                    try await soak(site, disk)
                } catch {
                    try await disk.remove()
                    throw error
                }
                try await disk.remove()
            }
        }

        private func soak(_ site: DemoSite, _ disk: Disk) async throws {
            let gate = Gate(path: site.root.appending("gate"))
            try Directory.create(gate.path)
            let end = ContinuousClock.now + .seconds(Self.length)
            let found = try await withThrowingTaskGroup(of: Tally.self) { group in
                for number in 0..<3 {
                    group.addTask {
                        try await Pusher(site: site, number: number).push(until: end, gate)
                    }
                }
                group.addTask {
                    try await Self.killWorkers(of: site, until: end, gate)
                    return Tally()
                }
                group.addTask {
                    try await Self.fill(disk, until: end, gate)
                    return Tally()
                }
                return try await group.reduce(into: Tally()) { $0.add($1) }
            }
            #expect(found.wrong == [])
            #expect(found.accepted > 0)
            #expect(found.refused > 0)
            try await check(site)
        }

        /// Fills the disk repeatedly, each time long enough to be noticed.
        private static func fill(
            _ disk: Disk, until end: ContinuousClock.Instant, _ gate: Gate
        ) async throws {
            while ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(Int.random(in: 2_000...6_000)))
                // Garbage collection needs space.
                try await gate.passing("disk") {
                    try await disk.fill()
                    try await Task.sleep(for: .milliseconds(Int.random(in: 500...2_000)))
                    try disk.free()
                }
            }
        }

        /// Starts workers and kills each after a while, and runs garbage collection
        /// between them.
        private static func killWorkers(
            of site: DemoSite, until end: ContinuousClock.Instant, _ gate: Gate
        ) async throws {
            while ContinuousClock.now < end {
                let life = Duration.milliseconds(Int.random(in: 500...7_000))
                var machine = site
                // A worker whose clock is behind must still build what is newer.
                machine.environment.merge(Clock.environments.randomElement() ?? [:]) { $1 }
                _ = try await machine.follow(
                    DemoSite.program, ["worker", "-j2"],
                    onStart: { worker in
                        try await Task.sleep(for: life)
                        worker.killNow()
                    })
                #expect(try await site.processesLeft().filter { $0.contains("bwrap") } == [])
                try await gate.passing("0") {
                    try await gate.passing("1") {
                        try await gate.passing("2") {
                            try await gate.passing("disk") { try await keepHouse(site) }
                        }
                    }
                }
            }
        }

        private static func keepHouse(_ site: DemoSite) async throws {
            // The lock of a killed process exists until a worker removes it; then skip
            // garbage collection this time.
            let lock = site.repository.appending("packed-refs.lock")
            if try FileStatus.of(lock) == nil {
                _ = try await site.git("gc", "--quiet", "--prune=now")
            }
            #expect(try await site.damage() == "")
        }

        /// Checks at the end that every accepted push is built once and completely.
        private func check(_ site: DemoSite) async throws {
            for _ in 0..<3 where try await site.zentoo("queue").output != "nothing is queued\n" {
                let worker = try await site.zentoo("worker", "--once", "-j2")
                // An entry that is to be retried is left, which the exit status shows.
                let isLeft = try await site.zentoo("queue").output != "nothing is queued\n"
                #expect(worker.status == (isLeft ? 1 : 0), "\(worker)")
            }
            #expect(try await site.zentoo("queue").output == "nothing is queued\n")
            let again = try await site.zentoo(["build", "--all"])
            for tuple in Self.tuples {
                #expect(again.output.contains("\(tuple): up to date"), "\(again)")
            }
            let results = try await site.git("notes", "--ref=zentoo", "list")
                .split(separator: "\n").compactMap { $0.split(separator: " ").last }
            var builds: [String] = []
            for object in Set(results) {
                builds += try await site.lines(on: String(object)).filter { $0.kind == .result }
                    .filter { $0[.status] == "success" }.map { "\($0.build)" }
            }
            #expect(Set(builds).count == builds.count)
            #expect(try await site.tags().count == builds.count)
            #expect(try await site.zentoo("verify").status == 0)
            // The tmpfs mount is the test's own disk.
            #expect(try await site.leftovers().filter { !$0.contains(" - tmpfs ") } == [])
            #expect(try await site.damage() == "")
        }

        /// The disk that holds the repository and the state directory.
        private struct Disk: Sendable {
            private let place: FilePath
            private let repository: FilePath
            private var filler: FilePath { place.appending("filler") }

            /// Moves both to a disk of their own.
            init(of site: DemoSite) async throws {
                place = site.root.appending("disk")
                repository = site.repository
                try Directory.create(place)
                try await DemoSite.run(
                    "mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", place.string)
                do {
                    try await DemoSite.run(
                        "cp", "-a", site.state.string, site.repository.string, place.string)
                    try await DemoSite.run(
                        "mount", "--bind", "\(place)/state", site.state.string)
                    try await DemoSite.run(
                        "mount", "--bind", "\(place)/site.git", repository.string)
                } catch {
                    try await remove()
                    throw error
                }
            }

            func fill() async throws {
                let room = try FileSystem.of(place).available
                // Others use space meanwhile; then the disk is only nearly full.
                _ = try await Invocation(
                    "fallocate", ["-l", "\(max(4_096, room - 16_384))", filler.string]
                ).run()
            }

            func free() throws { try FileContent.remove(filler) }

            func remove() async throws {
                for mount in ["site.git", "state", "disk"] {
                    let path = place.removingLastComponent().appending(mount)
                    _ = try await Invocation("umount", ["--lazy", path.string]).run()
                }
            }
        }

        /// A worker's clock.
        private enum Clock {
            /// libfaketime(1), at its paths on Debian and Gentoo.
            static let library: String? = [
                "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
                "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
                "/usr/lib64/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1",
            ].first { (path: String) in access(path, R_OK) == 0 }

            /// The real clock and two that are set back. Only the time of day is changed,
            /// so that no wait becomes longer.
            static let environments: [[String: String]] = ["+0", "-3600", "-86400"].map {
                [
                    "LD_PRELOAD": library ?? "", "FAKETIME": $0, "DONT_FAKE_MONOTONIC": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
                    "FAKETIME_NO_CACHE": "1",
                ]
            }
        }

        /// A clone and a user who pushes from it.
        private struct Pusher: Sendable {
            let site: DemoSite
            let number: Int

            private var clone: FilePath { site.root.appending("clone\(number)") }

            private func git(_ arguments: [String]) async throws -> Completion {
                var invocation = site.invocation("git", arguments)
                invocation.workingDirectory = clone
                return try await invocation.run()
            }

            func push(until end: ContinuousClock.Instant, _ gate: Gate) async throws -> Tally {
                try await site.git("clone", "--quiet", site.repository.string, clone.string)
                _ = try await git(["switch", "--quiet", SoakTests.branch]).orThrow()
                var tally = Tally()
                var round = 0
                // At least one push of each kind, however slow the machine.
                while ContinuousClock.now < end || round < 2 {
                    round += 1
                    let isHostile = round == 2 || round > 2 && Int.random(in: 0..<3) == 0
                    let current = round
                    let problem = try await gate.passing("\(number)") {
                        isHostile ? try await pushGarbage() : try await pushChange(current)
                    }
                    if let problem {
                        tally.wrong.append(problem)
                    } else if isHostile {
                        tally.refused += 1
                    } else {
                        tally.accepted += 1
                    }
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...1_500)))
                }
                return tally
            }

            /// - Returns: what was wrong, or nil.
            private func pushChange(_ round: Int) async throws -> String? {
                try Directory.create(clone.appending("copy/etc"))
                try FileContent.write(
                    Array("\(round)\n".utf8),
                    to: clone.appending("copy/etc").appending("soak-\(number)"))
                _ = try await git(["add", "--all"]).orThrow()
                _ = try await git(["commit", "--quiet", "-m", "Round \(round)."]).orThrow()
                // Another pusher may be faster each time,
                let end = ContinuousClock.now + Patience.limit
                while ContinuousClock.now < end {
                    _ = try await git(["pull", "--quiet", "--rebase"]).orThrow()
                    if try await git(["push", "--quiet"]).status.isSuccess { return nil }
                    // or the disk may be full for a while.
                    try await Task.sleep(for: .milliseconds(300))
                }
                return "a good push never entered"
            }

            /// - Returns: what was wrong, or nil.
            private func pushGarbage() async throws -> String? {
                _ = try await git(["pull", "--quiet", "--rebase"]).orThrow()
                let head = try await git(["rev-parse", "HEAD"]).orThrow().text
                let blob = try await blob()
                let own = "HEAD:refs/heads/\(SoakTests.branch)"
                let targets: [([String], String)] = [
                    (
                        ["update-index", "--add", "--cacheinfo", "160000,\(head),copy/etc/module"],
                        own
                    ),
                    (["update-index", "--add", "--cacheinfo", "100644,\(blob),premerge.d/1"], own),
                    (["update-index", "--add", "--cacheinfo", "120000,\(blob),modes"], own),
                    (["status"], "HEAD:refs/tags/zentoo/main/x-y-z-a/1"),
                    (["status"], "HEAD:refs/notes/zentoo"),
                    (["status"], "HEAD:refs/zentoo/queue/waiting/main/\(SoakTests.tuples[0])"),
                    (["status"], "HEAD:refs/heads/buildhooks/UPPER"),
                    (["status"], ":refs/heads/portage/base"),
                    (["status"], ":refs/heads/main"),
                ]
                let (change, target) = targets.randomElement() ?? targets[0]
                _ = try await git(change).orThrow()
                _ = try await git(["commit", "--quiet", "--allow-empty", "-m", "garbage"]).orThrow()
                let entered = try await git(["push", "--quiet", "origin", target]).status.isSuccess
                _ = try await git(["reset", "--quiet", "--hard", head]).orThrow()
                return entered ? "\(change) to \(target) entered" : nil
            }

            /// Writes the content of a symbolic link to a file of the machine; returns its
            /// object id.
            private func blob() async throws -> String {
                var invocation = site.invocation("git", ["hash-object", "-w", "--stdin"])
                invocation.workingDirectory = clone
                invocation.input = .bytes(Array("/etc/passwd".utf8))
                return try await invocation.run().orThrow().text
            }
        }
    }
}
