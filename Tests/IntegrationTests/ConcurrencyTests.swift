import Exec
@testable import Records
import Synchronization
import SystemPackage
import TestSupport
import Testing

extension MoreWholeRuns {
    /// Concurrent builds by independent processes.
    @Suite struct ConcurrencyTests {
        @Test func dryRunWaitsForNoBuild() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-tool"
                try await site.zentoo("build", tuple).orThrow()
                let tag = try await site.tags()
                // All locks of builds are held while this runs.
                let locks = try await site.files(below: site.pool, matching: ".*.lock")
                #expect(locks.count == 1)
                let script = """
                    exec 8>'\(site.state)/locks/tuple-main-\(tuple)'
                    exec 9>'\(site.pool)/\(locks[0])'
                    flock 8 && flock 9
                    exec timeout --kill-after=1 300 git zentoo build --dry-run --force \(tuple)
                    """
                let plan = try await site.invocation("sh", ["-euc", script]).run()
                #expect(plan.status.isSuccess, "\(String(decoding: plan.errors, as: UTF8.self))")
                #expect(try await site.tags() == tag)
            }
        }

        @Test func secondBuildOfTupleWaitsAndIsUpToDate() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-tool"
                // The first build is stopped until the second one says that it waits.
                let holder = Mutex<RunningCommand?>(nil)
                let (plans, isPlanned) = AsyncStream<Void>.makeStream()
                async let first = {
                    defer { isPlanned.finish() }
                    return try await site.follow(
                        DemoSite.program, ["build", tuple],
                        onLine: { command, line in
                            guard line.contains("to compile: ") else { return }
                            command.stop()
                            holder.withLock { $0 = command }
                            isPlanned.yield()
                        })
                }()
                for await _ in plans { break }
                let second = try await site.follow(
                    DemoSite.program, ["build", tuple],
                    onLine: { _, line in
                        guard line.contains("waiting") else { return }
                        holder.withLock { $0 }?.goOn()
                    })
                let tag = "zentoo/main/\(tuple)/1"
                #expect(
                    second.lines == [
                        "waiting for another build of '\(tuple)'", "\(tuple): up to date (\(tag))",
                    ])
                let end = try await first
                #expect(end.text.contains("\(tuple): \(tag) - 1 made, 0 reused"), "\(end.text)")
                #expect(try await site.files(below: site.state.appending("logs")).count == 1)
                #expect(try await site.tags() == [tag])
                #expect(try await site.leftovers() == [])
                #expect(try await site.damage() == "")
            }
        }

        @Test func twoTuplesOfOneFlavourCompileEachPackageOnce() async throws {
            try await DemoWorkshop.withSite { site in
                // Both sets contain dev-util/text2c.
                let tuples = ["x86-64-v3-base-plain-tool", "x86-64-v3-base-plain-bells"]
                async let first = site.zentoo("build", tuples[0])
                async let second = site.zentoo("build", tuples[1])
                try await first.orThrow()
                try await second.orThrow()
                let records = [
                    try await site.record(tuples[0], 1), try await site.record(tuples[1], 1),
                ]
                let text2c = records.compactMap { $0.packages["dev-util/text2c-1.0"] }
                #expect(text2c.count == 2)
                #expect(text2c[0][.path] == text2c[1][.path])
                #expect(text2c[0][.sha256] == text2c[1][.sha256])
                #expect(Set(text2c.map(\.kind)) == [.made, .reused])
                #expect(try await site.poolFiles().count == 2)

                // The index lists each existing package once.
                let indexes = try await site.files(below: site.pool, matching: "Packages")
                let index = try Processes.text(
                    of: site.pool.pushing(FilePath(try #require(indexes.first))))
                let entries = index.split(separator: "\n").filter { $0.hasPrefix("CPV: ") }
                #expect(
                    entries.sorted() == ["CPV: app-admin/bell-1.0", "CPV: dev-util/text2c-1.0"])
                #expect(indexes.count == 1)
                #expect(try await site.damage() == "")
            }
        }
    }
}
