import Exec
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Writing records: complete, readable with plain git, and cheap.
struct RecorderTests {
    @Test func successIsReadableWithPlainGit() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build()
            let recorder = Recorder(fixture.repository)
            try recorder.begin(
                build.result.build, of: build.result.series, commit: build.result.commit)
            let recorded = try await recorder.record(build)
            let name = "zentoo/main/\(RecordFixture.tuple)/1"
            #expect(recorded.tagName == name)

            let git = fixture.files
            let note = try await git.git("notes", "--ref=zentoo", "show", "\(build.result.tree)")
            let lines = note.split(separator: "\n").map(String.init)
            #expect(lines.count == 3)
            #expect(lines.allSatisfy { $0.hasPrefix("\(build.result.build) v1 ") })
            #expect(
                lines.compactMap { RecordLine($0) }.compactMap { BuildResult($0) } == [build.result]
            )

            let summary = try await git.git(
                "notes", "--ref=zentoo", "show", "\(build.result.commit)")
            #expect(summary.contains(" v1 build status=success site=main tuple="))
            for branch in ["portage/base", "buildhooks/default", "main"] {
                let log = try await git.git("log", "--notes=zentoo", "--format=%N", branch)
                #expect(log.contains("\(build.result.build) v1 first status=success"))
            }

            let tag = try await git.git("cat-file", "-p", "refs/tags/\(name)")
            #expect(tag.contains("Build: \(build.result.build)"))
            #expect(try await git.git("rev-parse", "\(name)^{commit}") == "\(build.result.commit)")
            let latest = try await git.git(
                "rev-parse", "refs/zentoo/latest/main/\(RecordFixture.tuple)")
            #expect(try await git.git("rev-parse", "refs/tags/\(name)") == latest)

            let made = build.packages.filter { $0.disposition == .made }
            for package in made {
                let digest = package.sha256.description
                let path = "sha256/\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))/\(digest)"
                let line = try await git.git("cat-file", "-p", "refs/zentoo/whence:\(path)")
                #expect(line.hasPrefix("\(build.result.build) v1 made site=main tuple="))
            }
            #expect(try fixture.buildingNames().isEmpty)
            #expect(try await git.git.checkIntegrity(gitDirectory: git.gitDirectory).isEmpty)
        }
    }

    @Test func tagsAreSignedWithUsersKey() async throws {
        try await RecordFixture.with { fixture in
            let files = fixture.files
            let key = files.root.appending("key").string
            let environment = files.environment
            try await Invocation(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key],
                environment: environment
            ).run().orThrow()
            let settings = [
                "gpg.format": "ssh", "user.signingKey": "\(key).pub",
                "gpg.ssh.allowedSignersFile": "\(key).allowed",
            ]
            for (name, value) in settings { try await files.git("config", name, value) }
            let signer = try TagSigner(
                configuration: try await files.git.configuration(gitDirectory: files.gitDirectory),
                git: files.git)
            let recorded = try await Recorder(fixture.repository, signer: signer)
                .record(try fixture.build())
            let tag = try #require(recorded.tagName)

            let allowed = try await Invocation(
                "awk", ["{ print \"author@example.com\", $1, $2 }", "\(key).pub"],
                environment: environment
            ).run().orThrow().output
            let file = try FileDescriptor.open(
                FilePath("\(key).allowed"), .writeOnly, options: .create,
                permissions: .ownerReadWrite)
            try file.closeAfter { _ = try file.writeAll(allowed) }
            // Fails if the signature is not good.
            try await files.git("tag", "-v", tag)
        }
    }

    @Test func failureHasOnlyNotesAndKeepsLatest() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            _ = try await recorder.record(try fixture.build(at: 1_000_000))
            let latest = try #require(try RecordFixture.series().latest())
            let before = try fixture.repository.resolve(latest)
            let failed = try fixture.build(at: 2_000_000, status: .failure)
            let recorded = try await recorder.record(failed)
            #expect(recorded.tagName == nil)
            #expect(try fixture.tagNames().count == 1)
            #expect(try fixture.repository.resolve(latest) == before)
            #expect(try fixture.buildingNames().isEmpty)
            let read = try recorder.result(of: failed.result.build, onTree: failed.result.tree)
            #expect(read == failed.result)
            #expect(read?.failure?.package == "sys-apps/sed-4.9")
        }
    }

    /// The packages of a failed build are in the pool and in later builds, so every
    /// clone must have the commit that they were built from.
    @Test func commitOfFailureIsKept() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            let series = try RecordFixture.series()
            let failed = try fixture.build(at: 1_000_000, status: .failure)
            _ = try await recorder.record(failed)
            let name = try series.failed(failed.result.commit)
            #expect(try fixture.repository.resolve(name) == failed.result.commit)
            _ = try await recorder.record(try fixture.build(at: 2_000_000, status: .failure))
            #expect(try fixture.repository.references(under: "refs/zentoo/failed/").count == 1)
        }
    }

    @Test func parentsGetLinesOnlyForChanges() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            let portage = try #require(
                try fixture.repository.parse("refs/heads/portage/base")
                    ?? fixture.repository.commit(try fixture.tupleCommit()).parents.first)
            func lines() throws -> Int {
                try RecordNotes(fixture.repository).lines(on: portage).count
            }
            _ = try await recorder.record(try fixture.build(at: 1_000_000))
            #expect(try lines() == 1)
            _ = try await recorder.record(try fixture.build(at: 2_000_000))
            #expect(try lines() == 1)
            _ = try await recorder.record(try fixture.build(at: 3_000_000, status: .failure))
            #expect(try lines() == 2)
            let other = try fixture.tupleCommit(flags: "-O3")
            _ = try await recorder.record(try fixture.build(at: 4_000_000, commit: other))
            #expect(try lines() == 3)
        }
    }

    @Test func stampCountsForAnotherSite() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            let build = try fixture.build()
            _ = try await recorder.record(build)
            let commit = try fixture.tupleCommit(site: "branch")
            let series = try RecordFixture.series(site: "branch")
            let stamp = BuildID.make(now: Timestamp(seconds: 1_795_480_000))
            let recorded = try await recorder.stamp(
                build.result, as: stamp, for: series, commit: commit,
                tagger: TemporaryRepository.signature)
            #expect(recorded.tagName == "zentoo/branch/\(RecordFixture.tuple)/1")
            let reader = try ResultReader(fixture.repository)
            let entry = try #require(try reader.latest(of: series))
            #expect(entry.result.stampedFrom == build.result.build)
            #expect(try reader.packages(of: entry.result) == build.packages)
            let note = try #require(
                try fixture.repository.readNote(try .notes("zentoo"), on: build.result.tree))
            #expect(RecordLine.lines(in: note).count == 4)
        }
    }

    @Test func resultThatCannotBeTaggedIsRefused() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build()
            var result = build.result
            result.tagger = Signature(name: "a\nb", email: "x", seconds: 0)
            await #expect(throws: GitError.self) {
                try await Recorder(fixture.repository).record(
                    FinishedBuild(result: result, packages: build.packages))
            }
            #expect(try fixture.repository.references(under: "refs/notes/").isEmpty)
            #expect(try fixture.buildingNames().isEmpty)
        }
    }

    @Test func rootHasOwnTagsAndNoLatest() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build(series: try RecordFixture.series(root: "lab"))
            let recorded = try await Recorder(fixture.repository).record(build)
            #expect(recorded.tagName == "zentoo-root/lab/1")
            #expect(try fixture.repository.references(under: "refs/zentoo/latest/").isEmpty)
            let reader = try ResultReader(fixture.repository)
            #expect(try reader.log(root: try ZentooName("lab")).map(\.tag) == ["zentoo-root/lab/1"])
            #expect(try reader.log(site: try ZentooName("main")).isEmpty)
        }
    }

    @Test func recordsSurviveGarbageCollection() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            let build = try fixture.build()
            _ = try await recorder.record(build)
            let running = try fixture.build(commit: try fixture.tupleCommit(flags: "-O3"))
            try recorder.begin(
                running.result.build, of: running.result.series, commit: running.result.commit)
            try await fixture.files.git("gc", "-q", "--prune=now")
            let fresh = try fixture.files.open()
            #expect(try fresh.exists(running.result.tree))
            let reader = try ResultReader(fresh)
            let entry = try reader.build(RecordFixture.tuple, site: try ZentooName("main"))
            #expect(try reader.report(of: entry).packages == build.packages)
            let recorded = try await Recorder(fresh).record(running)
            #expect(recorded.number == 2)
        }
    }

    /// What a record of 300 packages writes must not grow with the number of
    /// existing records.
    @Test func costOfRecordDoesNotGrow() async throws {
        try await RecordFixture.with { fixture in
            let recorder = Recorder(fixture.repository)
            func count() async throws -> Int {
                let text = try await fixture.files.git("count-objects")
                return Int(text.prefix { $0 != " " }) ?? 0
            }
            var costs: [Int] = []
            for round in 0..<3 {
                let packages = try (0..<300).map { index in
                    try RecordFixture.package(
                        "cat-\(index % 20)/p\(index)x-\(round)", seed: UInt64(round * 1000 + index))
                }
                let commit = try fixture.tupleCommit(flags: "-O\(round)")
                let build = try fixture.build(
                    at: Int64(1_000_000 + round), commit: commit, packages: packages)
                let before = try await count()
                _ = try await recorder.record(build)
                costs.append(try await count() - before)
            }
            // At most one blob and four trees per package (two for its digest, one each
            // for its name and version), and the path to the roots of notes and index.
            #expect(costs.allSatisfy { $0 < 300 * 5 + 100 }, "\(costs)")
            #expect(try #require(costs.last) < costs[0] + 100, "\(costs)")
        }
    }
}
