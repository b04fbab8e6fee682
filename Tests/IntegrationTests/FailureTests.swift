import Exec
import Files
@testable import Records
import SystemPackage
import TestSupport
import Testing

extension WholeRuns {
    /// What can go wrong in a tuple or its packages.
    @Suite struct FailureTests {
        @Test func failedHookIsNamedWithStatusAndLastLines() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-tool"
                try site.change(
                    "buildhooks/plain",
                    ["premerge.d/50-clock": "#!/bin/sh\necho the clock is stopped >&2\nexit 3\n"],
                    executable: true)
                let result = try await site.zentoo("build", tuple)
                #expect(result.status == 1)
                #expect(result.output.contains("\(tuple): failed in premerge.d/50-clock"))
                #expect(result.output.contains("status 3"), "\(result)")
                #expect(result.output.contains("the clock is stopped"))
                #expect(try await site.tags() == [])
                #expect(try await site.leftovers() == [])

                // Recorded as a failure, so that it can be shown later.
                let notes = try await site.git("notes", "--ref=zentoo", "list")
                let lines = try await notes.split(separator: "\n").asyncFlatMap { note in
                    try await site.lines(on: String(note.split(separator: " ")[1]))
                }
                let failure = try #require(lines.first { $0.kind == .result })
                #expect(failure[.status] == "failure")
                #expect(failure[.phase] == "premerge.d/50-clock")
                let log = try #require(failure[.log])
                let text = try await DemoSite.run("zstd", "-dc", "\(site.state)/logs/\(log)").text
                #expect(text.contains("the clock is stopped"))
            }
        }

        @Test func failedPackageIsNamedAndOthersAreKept() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-broken"
                let result = try await site.zentoo("build", tuple)
                #expect(result.status == 1)
                #expect(
                    result.output.contains("\(tuple): failed in compile of dev-util/fickle-1.0\n"),
                    "\(result)")
                // The compiler's message, and no path that exists only in the root.
                #expect(result.output.contains("#error \"fickle is broken on purpose"), "\(result)")
                #expect(!result.output.contains("/run/zentoo"), "\(result)")
                let log = result.output.split(separator: "\n")
                    .first { $0.contains("zstdless ") }?.split(separator: " ").last
                let text = try await DemoSite.run("zstd", "-dc", String(try #require(log))).text
                #expect(text.contains("fickle is broken on purpose"))
                #expect(try await site.poolFiles().map { $0.contains("dev-util/text2c") } == [true])
                #expect(try await site.tags() == [])
                #expect(try await site.leftovers() == [])

                try site.change(
                    "portage/base", ["package.use/fickle": "dev-util/fickle repaired\n"])
                try await site.zentoo("build", tuple).orThrow()
                let record = try await site.record(tuple, 1)
                #expect(record.names(.made) == ["dev-util/fickle-1.0"])
                #expect(record.names(.reused) == ["dev-util/text2c-1.0"])
            }
        }

        /// Every phase except compile, which has its own test.
        @Test func failedPhaseIsNamedWithItsOutput() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-broken"
                for phase in [
                    "pretend", "setup", "unpack", "prepare", "configure", "install", "preinst",
                    "postinst",
                ] {
                    try site.change(
                        "portage/base",
                        ["package.use/fickle": "dev-util/fickle repaired \(phase)\n"])
                    let result = try await site.zentoo("build", tuple)
                    #expect(result.status == 1)
                    #expect(
                        result.output.contains(
                            "\(tuple): failed in \(phase) of dev-util/fickle-1.0\n"), "\(result)")
                    #expect(result.output.contains("not in the mood for \(phase)"), "\(result)")
                }
                #expect(try await site.tags() == [])
                #expect(try await site.leftovers() == [])
            }
        }

        /// However often the build is tried; in the end it has one tag.
        @Test func unsignableBuildIsRecordedOnce() async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-tool"
                _ = try await site.git("config", "zentoo.sign", "true")
                _ = try await site.git("config", "user.signingKey", "nobody@example.org")
                for _ in 0..<3 {
                    let result = try await site.zentoo("build", tuple)
                    #expect(result.status == 128, "\(result)")
                    #expect(result.errors.contains("fatal: "), "\(result)")
                }
                #expect(try await site.tags() == [])
                _ = try await site.git("config", "zentoo.sign", "false")
                let result = try await site.zentoo("build", tuple).orThrow()
                #expect(result.output == "\(tuple): up to date (zentoo/main/\(tuple)/1)\n")
                #expect(try await site.tags() == ["zentoo/main/\(tuple)/1"])
                #expect(try await site.leftovers() == [])
            }
        }

        /// Missing, or with the size of the Manifest and another digest.
        @Test(arguments: [true, false])
        func unavailableSourceIsNamed(_ isMissing: Bool) async throws {
            try await DemoWorkshop.withSite { site in
                let tuple = "x86-64-v3-base-plain-tool"
                let source = site.state.pushing("distfiles/text2c-1.0.tar")
                let sound = try #require(try FileContent.read(source))
                try FileContent.remove(source)
                if !isMissing { try FileContent.write(sound.dropLast() + [1], to: source) }
                let result = try await site.zentoo("build", tuple)
                #expect(result.errors.contains("fetching sources"))
                #expect(result.status == 1)
                #expect(result.output.contains("\(tuple): failed in fetch"), "\(result)")
                #expect(result.output.contains("text2c-1.0"))
                #expect(try await site.tags() == [])
                #expect(try await site.leftovers() == [])

                // An existing valid source needs no network.
                try FileContent.write(sound, to: source)
                let second = try await site.zentoo("build", tuple).orThrow()
                #expect(!second.errors.contains("fetching sources"))
            }
        }

        @Test func unresolvableSetIsReportedWithPortagesMessage() async throws {
            try await DemoWorkshop.withSite { site in
                let refs = try await site.git("for-each-ref")
                let result = try await site.zentoo("build", "x86-64-v3-base-plain-missing")
                #expect(result.status == 128)
                #expect(result.output == "")
                #expect(result.errors.contains("fatal: Portage cannot resolve set '@missing'"))
                #expect(result.errors.contains("dev-util/nonesuch"))
                #expect(try await site.git("for-each-ref") == refs)
                #expect(try await site.leftovers() == [])
            }
        }
    }
}

extension Sequence {
    fileprivate func asyncFlatMap<Result>(
        _ transform: (Element) async throws -> [Result]
    ) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results += try await transform(element) }
        return results
    }
}
