import Exec
import Files
import Glibc
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// Builds whose controlling process is killed, which nothing can catch.
    @Suite struct KilledTests {
        private let tuple = "x86-64-v3-base-plain-bells"

        /// What must hold right after the kill: git's own view is whole, and
        /// all that was started ends by itself.
        private func checkDead(_ site: DemoSite, at mark: String) async throws {
            #expect(try await site.processesLeft() == [], "after '\(mark)'")
            #expect(try await site.damage() == "", "after '\(mark)'")
        }

        @Test func killedAnywhereABuildIsWholeOrNotAtAllAfterTheNextCommand() async throws {
            try await DemoWorkshop.withSite { site in
                // In the order of a build: what it says or runs there.
                let marks = [
                    "exec: git", "flavour.py", "--pretend", "--fetchonly", "[1/2]", "harvest.py",
                    "exec: sync", "exec: zstd",
                ]
                let source = site.state.pushing("distfiles/text2c-1.0.tar")
                for mark in marks {
                    // Only what is not there is fetched.
                    let fetches = mark == "--fetchonly"
                    if fetches { try #require(rename(source.string, "\(source).away") == 0) }
                    defer { if fetches { rename("\(source).away", source.string) } }
                    let end = try await site.killed(at: mark, "build", tuple)
                    _ = try #require(end, "the build ended before '\(mark)'")
                    try await checkDead(site, at: mark)
                    #expect(try await site.tags() == [])
                }
                let last = try await site.zentoo("build", tuple).orThrow()
                // Compiled before the last kills, and not again.
                #expect(last.errors.contains("was killed; what it compiled is reused"))
                #expect(last.errors.contains("to compile: 0, from the pool: 2"))
                #expect(try await site.tags() == ["zentoo/main/\(tuple)/1"])
                #expect(try await site.leftovers() == [])
                #expect(try await site.damage() == "")
                // One successful result, and none of those that were killed.
                let record = try await site.record(tuple, 1)
                let builds = Set(try await site.lines(on: record.tree).map { "\($0.build)" })
                #expect(builds == [record.build])
                // Compiled by builds that have no record.
                #expect(record.names(.found) == ["app-admin/bell-1.0", "dev-util/text2c-1.0"])
                #expect(last.output.contains("0 made, 0 reused, 2 found"))
                #expect(try await site.poolFiles().count == 2)
            }
        }

        @Test func killedBetweenNotesAndTagTheNextCommandMakesTheTag() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let tuple = DemoWorkshop.builtTuple
                // git signs a tag by the program that `gpg.program` names: ours
                // kills whoever asks, and the notes are written by then.
                let signer = site.root.appending("signer")
                try await write("#!/bin/sh\nkill -KILL $PPID\n", to: signer)
                try await site.git("config", "gpg.program", signer.string)
                try await site.git("config", "user.signingKey", "anybody")
                try await site.git("config", "zentoo.sign", "true")
                try site.change(
                    "portage/base", ["package.use/zen": "app-misc/zen -nls\nnet-misc/zend syslog\n"]
                )

                let end = try await site.follow(DemoSite.program, ["build", tuple])
                #expect(end.status == .signaled(SIGKILL), "\(end.text)")
                try await checkDead(site, at: "signing")
                #expect(try await site.tags() == ["zentoo/main/\(tuple)/1"])

                try await site.git("config", "zentoo.sign", "false")
                let next = try await site.zentoo("build", tuple).orThrow()
                #expect(next.errors.contains("completed the record of build"))
                #expect(next.output == "\(tuple): up to date (zentoo/main/\(tuple)/2)\n")
                let record = try await site.record(tuple, 2)
                #expect(record.names(.made) == ["app-misc/zen-1.2.0"])
                #expect(
                    try await site.git("rev-parse", "refs/zentoo/latest/main/\(tuple)")
                        == site.git("rev-parse", "refs/tags/zentoo/main/\(tuple)/2"))
                let digest = try #require(record.packages["app-misc/zen-1.2.0"]?[.sha256])
                let whence = try await site.git(
                    "grep", "-c", record.build, "refs/zentoo/whence", "--", "sha256/*/*/\(digest)")
                #expect(whence.hasSuffix(":1"))
                #expect(try await site.leftovers() == [])
                #expect(try await site.damage() == "")
            }
        }

        @Test func ofAnAssemblyThatIsKilledNothingIsLeftAfterTheNextCommand() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let tuple = DemoWorkshop.builtTuple
                let roots = site.root.appending("roots")
                for mark in ["exec: cp --archive", "[3/6]"] {
                    let end = try await site.killed(
                        at: mark, "assemble", tuple, "\(roots)/machine")
                    _ = try #require(end, "it ended before '\(mark)'")
                    try await checkDead(site, at: mark)
                    #expect(try Directory.names(in: roots).count == 1)
                    try await site.zentoo("build", tuple).orThrow()
                    #expect(try Directory.names(in: roots) == [], "after '\(mark)'")
                    #expect(try await site.leftovers() == [], "after '\(mark)'")
                }
            }
        }

        @Test func killedAtAnyMomentNothingIsLostOrHalfDone() async throws {
            try await DemoWorkshop.withSite { site in
                let start = ContinuousClock.now
                try await site.zentoo("build", tuple).orThrow()
                let whole = ContinuousClock.now - start
                var tags = 1
                for round in 1...6 {
                    // Another USE-independent change, so that there is work.
                    try site.change("buildhooks/plain", ["README": "Round \(round).\n"])
                    let moment = whole * Double.random(in: 0.02...0.7)
                    let end = try await site.follow(
                        DemoSite.program, ["build", "--force", tuple],
                        onStart: { command in
                            try await Task.sleep(for: moment)
                            command.killNow()
                        })
                    let said = "round \(round), after \(moment): \(end.text)"
                    #expect(try await site.processesLeft() == [], "\(said)")
                    #expect(try await site.damage() == "", "\(said)")
                    let next = try await site.zentoo("build", tuple)
                    #expect(next.status == 0, "\(said)\n\(next)")
                    #expect(try await site.leftovers() == [], "\(said)")
                    tags += 1
                    let record = try await site.record(tuple, tags)
                    #expect(record.packages.count == 2, "\(said)")
                    #expect(record.names(.made) == [], "\(said)")
                    #expect(try await site.tags().count == tags, "\(said)")
                }
                #expect(try await site.damage() == "")
                #expect(try await site.poolFiles().count == 2)
            }
        }

        private func write(_ script: String, to path: FilePath) async throws {
            try FileContent.write(Array(script.utf8), to: path)
            try await DemoSite.run("chmod", "+x", path.string)
        }
    }
}
