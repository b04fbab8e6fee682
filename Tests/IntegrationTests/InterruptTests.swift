import Exec
import Files
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// Interrupts by Ctrl-C.
    @Suite struct InterruptTests {
        private let tuple = "x86-64-v3-base-plain-bells"

        @Test func interruptedMergeIsCleanedUpWithHint() async throws {
            try await DemoWorkshop.withSite { site in
                let end = try await site.follow(
                    "git", ["zentoo", "build", tuple],
                    onLine: { command, line in
                        if line.contains("[1/2]") { command.interrupt() }
                    })
                // As git: terminated by the signal, which a shell reports as 130.
                #expect(end.status.shellStatus == 130, "\(end.text)")
                #expect(end.text.contains("hint: run the same command again"))
                #expect(!end.text.contains("fatal:"))
                #expect(try await site.leftovers() == [], "\(end.text)")
                #expect(try await site.damage() == "")
                #expect(try await site.tags() == [])

                try await site.zentoo("build", tuple).orThrow()
                #expect(try await site.record(tuple, 1).packages.count == 2)
                #expect(try await site.poolFiles().count == 2)
            }
        }

        @Test func interruptedAssemblyLeavesNothing() async throws {
            try await DemoWorkshop.withBuiltSite { site, _ in
                let roots = site.root.appending("roots")
                let end = try await site.follow(
                    "git", ["zentoo", "assemble", DemoWorkshop.builtTuple, "\(roots)/machine"],
                    onLine: { command, line in
                        if line.contains("[3/6]") { command.interrupt() }
                    })
                #expect(end.status.shellStatus == 130, "\(end.text)")
                #expect(try Directory.names(in: roots) == [], "\(end.text)")
                #expect(try await site.leftovers() == [], "\(end.text)")
            }
        }
    }
}
