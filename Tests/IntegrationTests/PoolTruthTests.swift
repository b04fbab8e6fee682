import Exec
import Files
import Glibc
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// A package from the pool is used only if it is what a record names; others
    /// are reported as found.
    @Suite struct PoolTruthTests {
        private let tuple = "x86-64-v3-base-plain-bells"

        @Test func alteredPackageIsQuarantinedAndCompiledAgain() async throws {
            try await DemoWorkshop.withSite { site in
                try await site.zentoo("build", tuple).orThrow()
                let old = try await site.record(tuple, 1)
                let path = try #require(old.packages["dev-util/text2c-1.0"]?[.path])
                let file = "\(site.pool)/\(path)"
                // The last bytes of a tar file are padding: with the same size and times it
                // still is a valid package.
                try await DemoSite.run(
                    "sh", "-c",
                    """
                    touch -r "$1" "$1.time" && printf x |
                        dd of="$1" bs=1 seek="$(($(stat -c %s "$1") - 1))" conv=notrunc status=none
                    touch -r "$1.time" "$1" && rm "$1.time"
                    """, "sh", file)
                let result = try await site.zentoo("build", tuple).orThrow()
                #expect(result.errors.contains("'\(path)' is not used"), "\(result)")
                #expect(result.output.contains("\(tuple)/2 - 1 made, 1 reused"), "\(result)")
                let new = try await site.record(tuple, 2)
                #expect(new.names(.made) == ["dev-util/text2c-1.0"])
                // The old record names the path, so no other file gets it.
                let again = try #require(new.packages["dev-util/text2c-1.0"]?[.path])
                #expect(again != path)
                #expect(try FileStatus.of(FilePath(file)) == nil)
                let kept = try await site.files(below: site.pool.appending(".quarantine"))
                #expect(kept.count == 1 && kept.first?.hasSuffix(path) == true)
                let log = try #require(new.result?[.log] ?? "\(new.build).log.zst")
                let text = try await DemoSite.run("zstd", "-dc", "\(site.state)/logs/\(log)").text
                #expect(text.contains("'\(path)' is not used"))
                #expect(try await site.zentoo("verify").status == 0)

                // The number of a lost package is never reused either.
                try await DemoSite.run("rm", "\(site.pool)/\(again)")
                try await site.zentoo("build", tuple).orThrow()
                let third = try await site.record(tuple, 3).packages["dev-util/text2c-1.0"]?[.path]
                #expect(third != path && third != again)
                #expect(try await site.leftovers() == [])
                #expect(try await site.damage() == "")
            }
        }

        @Test func unrecordedPackagesAreFound() async throws {
            try await DemoWorkshop.withSite { site in
                try await site.zentoo("build", tuple).orThrow()
                // As on a server whose pool was filled elsewhere.
                for line in try await site.git("for-each-ref", "--format=%(refname)")
                    .split(separator: "\n")
                where line.contains("zentoo") && !line.hasPrefix("refs/heads/") {
                    try await site.git("update-ref", "-d", String(line))
                }
                let result = try await site.zentoo("build", tuple).orThrow()
                #expect(result.output.contains("\(tuple)/1 - 0 made, 0 reused, 2 found"))
                let record = try await site.record(tuple, 1)
                #expect(record.names(.found) == ["app-admin/bell-1.0", "dev-util/text2c-1.0"])
                let line = try #require(record.packages["dev-util/text2c-1.0"])
                #expect(line[.built].flatMap { Int($0) } ?? 0 > 1_700_000_000)
                let whence = try await site.zentoo("whence", "dev-util/text2c").orThrow()
                #expect(whence.output.contains("(found, built 20"), "\(whence)")
                let second = try await site.zentoo("build", "--force", tuple).orThrow()
                #expect(second.output.contains("\(tuple)/2 - 0 made, 2 reused"), "\(second)")
            }
        }

        @Test func packageThatCannotBeMergedFailsItsBuild() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-broken"
                try site.change(
                    "portage/base", ["package.use/fickle": "dev-util/fickle repaired pipe\n"])
                let result = try await site.zentoo("build", tuple)
                #expect(result.status == 1, "\(result)")
                #expect(
                    result.output.contains("\(tuple): failed in harvest of dev-util/fickle-1.0\n"),
                    "\(result)")
                #expect(result.output.contains("var/lib/fickle/pipe"), "\(result)")
                #expect(try await site.tags() == [])
                #expect(
                    try await site.poolFiles().filter { !$0.hasPrefix(".quarantine/") }
                        .allSatisfy { $0.contains("dev-util/text2c") })
                #expect(try await site.leftovers() == [])
            }
        }

        @Test func fileNameThatPortageRefusesFailsItsBuild() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-broken"
                try site.change(
                    "portage/base", ["package.use/fickle": "dev-util/fickle repaired newline\n"])
                for _ in 1...2 {
                    let result = try await site.zentoo("build", tuple)
                    #expect(result.status == 1, "\(result)")
                    #expect(result.errors.contains("fickle-1.0"), "\(result)")
                    // A package that can never be merged is compiled again, not reused.
                    #expect(
                        try await site.poolFiles().filter { !$0.hasPrefix(".quarantine/") }
                            .allSatisfy { $0.contains("dev-util/text2c") })
                }
                #expect(try await site.leftovers() == [])
            }
        }

        @Test func packageCannotWriteOthers() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-broken"
                try await site.zentoo("build", self.tuple).orThrow()
                try site.change(
                    "portage/base", ["package.use/fickle": "dev-util/fickle repaired thief\n"])
                let before = try await site.poolFiles()
                // Its own package is lost with the index that it has replaced.
                let result = try await site.zentoo("build", tuple)
                #expect(result.status == 1, "\(result)")
                #expect(result.errors.contains("nothing that was compiled makes it"), "\(result)")
                #expect(try await site.poolFiles() == before)
                let next = try await site.zentoo("build", self.tuple, "--force").orThrow()
                #expect(next.output.contains("\(self.tuple)/2 - 0 made, 2 reused"), "\(next)")
                #expect(try await site.leftovers() == [])
                #expect(try await site.damage() == "")
            }
        }
    }
}
