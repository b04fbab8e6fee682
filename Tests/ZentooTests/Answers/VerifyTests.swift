import Exec
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// The pool compared with the records.
struct VerifyTests {
    @Test func wrongPackagesAreFound() async throws {
        try await RecordFixture.with { fixture in
            let pool = fixture.files.root.appending("pool")
            var packages: [RecordedPackage] = []
            for name in ["intact", "cut", "altered", "missing", "linked"] {
                var package = try RecordFixture.package("cat/\(name)-1")
                let digest = try await put("contents of \(name)", package.path, in: pool)
                package.sha256 = try #require(SHA256Digest(digest))
                package.size = Int64("contents of \(name)".utf8.count)
                packages.append(package)
            }
            _ = try await Recorder(fixture.repository).record(
                try fixture.build(packages: packages))
            let reader = try ResultReader(fixture.repository)
            let scope = ResultReader.VerifyScope.newest(site: try ZentooName("main"))
            var progress: [ResultReader.VerifyProgress] = []
            let whole = try await reader.verify(pool: pool, scope: scope) { progress.append($0) }
            #expect(whole.isIntact)
            #expect(whole.checked == 5)
            #expect(progress.last?.done == packages.reduce(0) { $0 + $1.size })
            #expect(progress.last?.total == progress.last?.done)

            try await put("cut", packages[1].path, in: pool)
            try await put("CONTENTS of altered", packages[2].path, in: pool)
            try await run("rm", pool.appending(packages[3].path.description).string)
            let linked = pool.appending(packages[4].path.description).string
            try await run("mv", linked, linked + ".gpkg.tar")
            try await run("ln", "-s", linked + ".gpkg.tar", linked)
            let stray = try RecordFixture.package("cat/stray-1").path
            try await put("stray", stray, in: pool)
            let flavour = pool.appending("x86_64-pc-linux-gnu/f1")
            for name in ["Packages", "cat/.hidden", "cat/intact/x.portage_lockfile"] {
                try await write("x", to: flavour.appending(name))
            }
            let report = try await reader.verify(pool: pool, scope: scope)
            let told = report.problems.map { "\($0.kind) \($0.package.cpv.name)" }
            #expect(
                told.sorted() == [
                    "altered altered", "altered cut", "altered linked", "missing missing",
                ])
            #expect(
                report.unknown == ["\(packages[4].path).gpkg.tar", stray.description].sorted())
            let answer = try await reader.whence(
                file: pool.appending(packages[0].path.description))
            #expect(answer.origins.map(\.path) == [packages[0].path])
        }
    }

    @Test func wrongStagesAreFound() async throws {
        try await RecordFixture.with { fixture in
            let state = StateDirectory(path: fixture.files.root)
            var builds: [FinishedBuild] = []
            for (second, name) in ["intact", "altered", "cut", "missing"].enumerated() {
                let text = "stage \(name)"
                let file = fixture.files.root.appending("made")
                try await write(text, to: file)
                let digest = try await run("sha256sum", file.string).prefix(64)
                let archive = BuildResult.Archive(
                    sha256: try #require(SHA256Digest(String(digest))), size: Int64(text.utf8.count)
                )
                try await run("mkdir", "-p", state.madeStages.string)
                try await run("mv", file.string, state.archive(of: archive.sha256).string)
                var build = try fixture.build(
                    at: 1_000_000 + Int64(second), series: RecordFixture.series(stage: name),
                    packages: [])
                var result = build.result
                result.archive = archive
                build = FinishedBuild(result: result, packages: [])
                _ = try await Recorder(fixture.repository).record(build)
                builds.append(build)
            }
            let places = try builds.map {
                state.archive(of: try #require($0.result.archive?.sha256))
            }
            func report(_ scope: ResultReader.VerifyScope) async throws -> PoolReport {
                try await ResultReader(fixture.repository).verify(pool: state.pool, scope: scope)
            }
            let newest = ResultReader.VerifyScope.newest(site: try ZentooName("main"))
            let whole = try await report(newest)
            #expect(whole.isIntact && whole.unknown.isEmpty)
            #expect(whole.checkedStages == 4)

            try await write("STAGE altered", to: places[1])
            try await write("cut", to: places[2])
            try await run("mv", places[3].string, "\(state.madeStages)/stray.tar.zst")
            try await write("half", to: state.madeStages.appending(".x.part"))
            for scope in [newest, .all] {
                let report = try await report(scope)
                #expect(!report.isIntact)
                #expect(
                    report.stageProblems.map { "\($0.kind) \($0.stage)" }.sorted() == [
                        "altered altered", "altered cut", "missing missing",
                    ])
                #expect(report.unknown == ["stages/stray.tar.zst"])
            }
        }
    }

    /// - Returns: the file's digest.
    @discardableResult
    private func put(_ text: String, _ path: PoolPath, in pool: FilePath) async throws -> String {
        let file = pool.appending(path.description)
        try await write(text, to: file)
        return String(try await run("sha256sum", file.string).prefix(64))
    }

    private func write(_ text: String, to file: FilePath) async throws {
        try await run("mkdir", "-p", file.removingLastComponent().string)
        let descriptor = try FileDescriptor.open(
            file, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
        try descriptor.closeAfter { _ = try descriptor.writeAll(Array(text.utf8)) }
    }

    @discardableResult
    private func run(_ program: String, _ arguments: String...) async throws -> String {
        try await Invocation(program, arguments).run().orThrow().text
    }
}
