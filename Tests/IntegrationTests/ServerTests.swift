import Exec
import Files
import Glibc
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// Pushes to a server that builds them, from the hooks to the records.
    @Suite struct ServerTests {
        private let tuple = "x86-64-v3-base-plain-bells"

        /// Runs `body` with a server with hooks and a clone of it on the branch
        /// `buildhooks/plain`.
        private func with(_ body: (DemoSite) async throws -> Void) async throws {
            try await DemoWorkshop.withSite { site in
                try await site.zentoo("hook", "install").orThrow()
                try await site.git("clone", "--quiet", site.repository.string, "\(clone(site))")
                try await git(site, "switch", "--quiet", "buildhooks/plain")
                try await body(site)
            }
        }

        private func clone(_ site: DemoSite) -> FilePath { site.root.appending("clone") }

        @discardableResult
        private func git(_ site: DemoSite, _ arguments: String...) async throws -> Completion {
            var invocation = site.invocation("git", arguments)
            invocation.workingDirectory = clone(site)
            return try await invocation.run().orThrow()
        }

        /// Changes the branch and pushes it; returns the server's output.
        private func push(_ site: DemoSite, _ text: String, _ options: String...) async throws
            -> String
        {
            try FileContent.write(
                Array("\(text)\n".utf8), to: clone(site).appending("README"))
            try await git(site, "commit", "--all", "--quiet", "-m", text)
            var invocation = site.invocation(
                "git", ["push", "--quiet"] + options.flatMap { ["-o", $0] })
            invocation.workingDirectory = clone(site)
            let completion = try await invocation.run().orThrow()
            return String(decoding: completion.errors, as: UTF8.self)
        }

        @Test func pushIsBuiltDespiteKilledWorker() async throws {
            try await with { site in
                let said = try await push(site, "One.", "zentoo.only=\(tuple)")
                #expect(said.contains("queued 1 tuple:"), "\(said)")
                #expect(said.contains("1  main/\(tuple)  buildhooks/plain: README"), "\(said)")
                #expect(said.contains("not queued, as asked: 4 tuples"), "\(said)")

                let killed = try await site.killed(at: "[1/2]", "worker", "--once", "--verbose")
                _ = try #require(killed, "it ended before")
                #expect(try await site.processesLeft() == [])
                #expect(try await site.damage() == "")
                #expect(try await site.tags() == [])
                // Garbage collection does not lose entries of the queue either.
                try await site.git("gc", "--quiet", "--prune=now")

                let next = try await site.zentoo("worker", "--once")
                #expect(next.status == 0, "\(next)")
                #expect(next.errors.contains("main/\(tuple): its worker died, it waits again"))
                #expect(try await site.tags() == ["zentoo/main/\(tuple)/1"])
                #expect(try await site.zentoo("queue").output == "nothing is queued\n")
                let record = try await site.record(tuple, 1)
                let builds = Set(try await site.lines(on: record.tree).map { "\($0.build)" })
                #expect(builds == [record.build])
                #expect(try await site.leftovers() == [])
                #expect(try await site.damage() == "")
                // The pusher reads the result with plain git.
                try await git(site, "fetch", "--quiet", "origin", "refs/notes/*:refs/notes/*")
                let log = try await git(site, "log", "-1", "--notes=zentoo")
                #expect(log.text.contains(record.build), "\(log.text)")
            }
        }

        @Test func waitingPusherSeesBuildAndResult() async throws {
            try await with { site in
                let told = site.root.appending("told")
                let notify = site.root.appending("notify")
                try FileContent.write(
                    Array("#!/bin/sh\n{ echo \"$1\"; cat; } >>\(told)\n".utf8), to: notify,
                    permissions: .ownerReadWriteExecute)
                try await site.git("config", "zentoo.notify", notify.string)
                let broken = "x86-64-v3-base-plain-broken"
                async let waiting = push(
                    site, "Two.", "zentoo.only=\(broken)", "zentoo.wait")
                while try await site.zentoo("queue").output.contains("nothing is queued") {
                    try await Task.sleep(for: .milliseconds(100))
                }
                let worker = try await site.zentoo("worker", "--once")
                #expect(worker.status == 1)
                let said = try await waiting
                #expect(said.contains("main/\(broken): building on "), "\(said)")
                #expect(said.contains("fickle is broken on purpose"), "\(said)")
                #expect(
                    said.contains("main/\(broken): failed: dev-util/fickle-1.0 failed in compile"),
                    "\(said)")
                let record = String(
                    decoding: try #require(try FileContent.read(told)), as: UTF8.self)
                #expect(record.hasPrefix("failed\n{\n"))
                #expect(record.contains("\"phase\" : \"compile\""))
                // With the same inputs it would fail again.
                let again = try await site.zentoo("queue", "add", broken)
                #expect(again.output.contains("not queued, dev-util/fickle-1.0 failed in compile"))
                #expect(try await site.zentoo("queue").output.contains("failed  main/\(broken)"))
                try await site.zentoo("queue", "retry", "--all").orThrow()
                #expect(
                    try await site.zentoo("queue").output.contains("waiting #1  main/\(broken)"))
            }
        }

        @Test func unresolvableSetFails() async throws {
            try await with { site in
                let missing = "x86-64-v3-base-plain-missing"
                let said = try await push(site, "Three.", "zentoo.only=\(missing)")
                #expect(said.contains("1  main/\(missing)  buildhooks/plain: README"), "\(said)")
                let worker = try await site.zentoo("worker", "--once")
                #expect(worker.status == 1)
                #expect(worker.errors.contains("Portage cannot resolve set '@missing'"))
                // The pusher can read the reason without the worker's log.
                let shown = try await site.zentoo("queue", "show", missing).output
                #expect(shown.contains("  reason    Portage cannot resolve set '@missing'"))
                #expect(shown.contains("dev-util/nonesuch"), "\(shown)")
            }
        }

        @Test func failedFetchIsRetriedLater() async throws {
            try await with { site in
                let source = site.state.pushing("distfiles/text2c-1.0.tar")
                try #require(rename(source.string, "\(source).away") == 0)
                let tool = "x86-64-v3-base-plain-tool"
                _ = try await push(site, "Four.", "zentoo.only=\(tool)")
                let worker = try await site.zentoo("worker", "--once")
                #expect(worker.status == 1, "\(worker)")
                #expect(worker.errors.contains("main/\(tool): tried again later"), "\(worker)")
                let shown = try await site.zentoo("queue", "show", tool).output
                #expect(shown.hasPrefix("main/\(tool) waiting\n"), "\(shown)")
                #expect(shown.contains("  reason    step 'fetch' failed"), "\(shown)")
                try #require(rename("\(source).away", source.string) == 0)
                try await site.zentoo("worker", "--once").orThrow()
                #expect(try await site.tags() == ["zentoo/main/\(tool)/1"])
            }
        }

        /// Only root can mount a separate disk.
        @Test(.enabled(if: geteuid() == 0, "needs root"))
        func fullDiskLosesNothing() async throws {
            try await with { site in
                let disk = site.root.appending("disk")
                try Directory.create(disk)
                try await DemoSite.run(
                    "mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", disk.string)
                do {
                    try await fill(disk, of: site)
                } catch {
                    try await DemoSite.run("umount", "--lazy", disk.string)
                    throw error
                }
                try await DemoSite.run("umount", "--lazy", disk.string)
            }
        }

        private func fill(_ disk: FilePath, of site: DemoSite) async throws {
            try await DemoSite.run("cp", "-a", "\(site.state)/.", disk.string)
            try await site.git("config", "zentoo.state", disk.string)
            _ = try await push(site, "Full.", "zentoo.only=\(tuple)")
            let filler = disk.appending("filler")
            let room = try FileSystem.of(disk).available
            try await DemoSite.run("fallocate", "-l", "\(room - 8_192)", filler.string)

            let full = try await site.zentoo("worker", "--once")
            #expect(try await site.tags() == [])
            #expect(try await site.damage() == "")
            // Not a failure: the entry waits until the disk has space.
            let left = try await site.zentoo("queue", "show", tuple).output
            #expect(left.hasPrefix("main/\(tuple) waiting\n"), "\(full)\n\(left)")

            try FileContent.remove(filler)
            let free = try await site.zentoo("worker", "--once")
            #expect(free.status == 0, "\(free)")
            #expect(try await site.tags() == ["zentoo/main/\(tuple)/1"], "\(free)")
            #expect(try await site.zentoo("queue").output == "nothing is queued\n")
            #expect(try await site.damage() == "")
        }
    }
}
