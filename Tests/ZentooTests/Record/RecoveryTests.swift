import Exec
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// A process may be killed at any instant: the next one completes the record or
/// removes it.
struct RecoveryTests {
    @Test(arguments: Recorder.Step.allCases)
    func interruptedRecordIsCompletedOrRemoved(_ last: Recorder.Step) async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build()
            _ = try await Recorder(fixture.repository).record(build, through: last)
            let completion = try await Recorder(fixture.repository).completePending { _ in false }
            let isWhole = last >= .notes
            #expect(completion.completed.count == (isWhole && last < .release ? 1 : 0))
            #expect(completion.abandoned == (isWhole ? [] : [build.result.build]))
            try expect(build, whole: isWhole, in: fixture)
            let again = try await Recorder(fixture.repository).completePending { _ in false }
            #expect(again == Recorder.Completion())
            try expect(build, whole: isWhole, in: fixture)
        }
    }

    @Test(arguments: [Recorder.Step.hold, .notes, .index, .claim])
    func interruptedFailureIsCompleted(_ last: Recorder.Step) async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build(status: .failure)
            _ = try await Recorder(fixture.repository).record(build, through: last)
            _ = try await Recorder(fixture.repository).completePending { _ in false }
            #expect(try fixture.tagNames().isEmpty)
            #expect(try fixture.buildingNames().isEmpty)
            let log = try ResultReader(fixture.repository).log(site: try ZentooName("main"))
            #expect(log.map(\.result) == (last > .hold ? [build.result] : []))
        }
    }

    /// The two writes of the claim's transaction, applied separately.
    @Test(arguments: [true, false])
    func halfAppliedTransactionIsCompleted(tagIsFirst: Bool) async throws {
        try await RecordFixture.with { fixture in
            let repository = fixture.repository
            let build = try fixture.build()
            _ = try await Recorder(repository).record(build, through: .index)
            let tag = try repository.writeTag(try BuildTag.make(build.result, number: 1))
            if tagIsFirst {
                let name = try RefName.tag(build.result.series.tagName(1))
                try repository.set(name, to: tag, expecting: .absent)
            } else {
                try repository.set(
                    try build.result.series.building(build.result.build), to: tag,
                    expecting: .value(build.result.commit))
            }
            _ = try await Recorder(repository).completePending { _ in false }
            try expect(build, whole: true, in: fixture)
        }
    }

    /// Meanwhile another build got the number of an incomplete claim.
    @Test func claimedNumberIsReplaced() async throws {
        try await RecordFixture.with { fixture in
            let repository = fixture.repository
            let first = try fixture.build(at: 1_000_000)
            _ = try await Recorder(repository).record(first, through: .index)
            let tag = try repository.writeTag(try BuildTag.make(first.result, number: 1))
            try repository.set(
                try first.result.series.building(first.result.build), to: tag,
                expecting: .value(first.result.commit))
            let second = try await Recorder(repository).record(try fixture.build(at: 2_000_000))
            #expect(second.number == 1)
            let completion = try await Recorder(repository).completePending { _ in false }
            #expect(completion.completed.map(\.number) == [2])
            #expect(try fixture.tagNames().count == 2)
            #expect(try fixture.buildingNames().isEmpty)
        }
    }

    @Test func runningBuildIsLeftAlone() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build()
            let recorder = Recorder(fixture.repository)
            try recorder.begin(
                build.result.build, of: build.result.series, commit: build.result.commit)
            let completion = try await recorder.completePending { $0 == build.result.build }
            #expect(completion == Recorder.Completion())
            #expect(try await recorder.record(build).number == 1)
        }
    }

    /// A process was killed while it held all locks.
    @Test func staleLocksAreRemoved() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build()
            let series = build.result.series
            _ = try await Recorder(fixture.repository).record(build, through: .notes)
            let names = [
                "refs/notes/zentoo", Whence.referenceName, "\(try #require(try series.latest()))",
                "\(try series.building(build.result.build))", "refs/tags/\(series.tagName(1))",
            ]
            for name in names {
                let lock = fixture.files.gitDirectory.appending(name + ".lock").string
                let directory = fixture.files.gitDirectory.appending(name)
                    .removingLastComponent().string
                try await Invocation("mkdir", ["-p", directory]).run().orThrow()
                try await Invocation("touch", ["-d", "1 minute ago", lock]).run().orThrow()
            }
            let completion = try await Recorder(fixture.repository).completePending { _ in false }
            #expect(completion.obstacles.isEmpty)
            try expect(build, whole: true, in: fixture)
        }
    }

    /// A key that cannot sign loses no record and blocks no other build.
    @Test func unsignableRecordIsKept() async throws {
        try await RecordFixture.with { fixture in
            let git = fixture.files
            let program = try fixture.script("exit 2")
            try await git.git("config", "gpg.program", program.string)
            let configuration = try await git.git.configuration(gitDirectory: git.gitDirectory)
            let signer = try TagSigner(configuration: configuration, git: git.git)
            let build = try fixture.build()
            let broken = Recorder(fixture.repository, signer: signer)
            await #expect(throws: (any Error).self) { try await broken.record(build) }
            try broken.abandon(build.result.build, of: build.result.series)
            let stuck = try await broken.completePending { _ in false }
            #expect(stuck.completed.isEmpty)
            #expect(stuck.obstacles.map(\.build) == [build.result.build])
            let mended = try await Recorder(fixture.repository).completePending { _ in false }
            #expect(mended.completed.map(\.number) == [1])
            try expect(build, whole: true, in: fixture)
        }
    }

    @Test func abandonedBuildLeavesNothing() async throws {
        try await RecordFixture.with { fixture in
            let build = try fixture.build()
            let recorder = Recorder(fixture.repository)
            try recorder.begin(
                build.result.build, of: build.result.series, commit: build.result.commit)
            try recorder.abandon(build.result.build, of: build.result.series)
            try recorder.abandon(build.result.build, of: build.result.series)
            try expect(build, whole: false, in: fixture)
        }
    }

    /// The recording process and a command that completes the record, concurrently.
    @Test func buildCompletedTwiceGetsOneTag() async throws {
        try await RecordFixture.with { fixture in
            let builds = try (0..<6).map { try fixture.build(at: Int64(1_000_000 + $0)) }
            for build in builds {
                _ = try await Recorder(fixture.repository).record(build, through: .index)
            }
            let files = fixture.files
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let recorder = Recorder(try files.open())
                        _ = try await recorder.completePending { _ in false }
                    }
                }
                for build in builds {
                    group.addTask { _ = try await Recorder(try files.open()).record(build) }
                }
                try await group.waitForAll()
            }
            let tags = try BuildTag.tags(of: try RecordFixture.series(), in: fixture.repository)
                .map { try $0.get() }
            #expect(tags.map(\.number) == [6, 5, 4, 3, 2, 1])
            #expect(Set(tags.compactMap(\.build)) == Set(builds.map(\.result.build)))
            #expect(try fixture.buildingNames().isEmpty)
        }
    }

    /// As above, with the slower one stopped between its read and its claim: its
    /// tag is being signed.
    @Test func slowClaimYieldsToFasterOne() async throws {
        try await RecordFixture.with { fixture in
            let files = fixture.files
            let started = files.root.appending("started")
            let go = files.root.appending("go")
            let program = try fixture.script(
                """
                : >'\(started)'
                while [ ! -e '\(go)' ]; do sleep 0.01; done
                echo '[GNUPG:] SIG_CREATED D 1 8 00 0 0' >&2
                echo '-----BEGIN PGP SIGNATURE-----'
                """)
            try await files.git("config", "gpg.program", program.string)
            let signer = try TagSigner(
                configuration: try await files.git.configuration(gitDirectory: files.gitDirectory),
                git: files.git)

            let build = try fixture.build()
            let slow = Task {
                try await Recorder(try files.open(), signer: signer).record(build)
            }
            try await Patience.wait(for: "the tag is being signed", every: .milliseconds(5)) {
                (try? FileDescriptor.open(started, .readOnly).close()) != nil
            }
            let fast = try await Recorder(fixture.repository).completePending { _ in false }
            try FileDescriptor.open(go, .writeOnly, options: .create, permissions: .ownerRead)
                .close()
            #expect(fast.completed == [try await slow.value])
            try expect(build, whole: true, in: fixture)
        }
    }

    @Test func concurrentRecordersGetConsecutiveNumbers() async throws {
        try await RecordFixture.with { fixture in
            let count = 16
            let builds = try (0..<count).map { index in
                try fixture.build(
                    at: Int64(1_000_000 + index),
                    packages: [
                        RecordFixture.package("a/b-\(index)"), RecordFixture.package("c/d-1"),
                    ])
            }
            let files = fixture.files
            try await withThrowingTaskGroup(of: RecordedBuild.self) { group in
                for build in builds {
                    group.addTask { try await Recorder(try files.open()).record(build) }
                }
                var numbers: Set<Int> = []
                for try await recorded in group { numbers.insert(try #require(recorded.number)) }
                #expect(numbers == Set(1...count))
            }
            let reader = try ResultReader(fixture.repository)
            #expect(reader.whence.unstored.isEmpty)
            #expect(try reader.log(site: try ZentooName("main")).count == count)
            for build in builds {
                #expect(try reader.packages(of: build.result) == build.packages)
            }
            let latest = try #require(try reader.latest(of: try RecordFixture.series()))
            #expect(latest.result.build == builds.map(\.result.build).max())
            let cpv = try #require(CPV("c/d-1"))
            #expect(try reader.whence.entries(of: cpv).count == count)
            // Only the oldest of them counts as the file's origin.
            #expect(try reader.whence.origins(of: cpv).map(\.build) == [builds[0].result.build])
        }
    }

    private func expect(
        _ build: FinishedBuild, whole: Bool, in fixture: RecordFixture
    ) throws {
        #expect(try fixture.buildingNames().isEmpty)
        #expect(try fixture.tagNames() == (whole ? [build.result.series.tagName(1)] : []))
        let reader = try ResultReader(fixture.repository)
        let latest = try reader.latest(of: build.result.series)
        #expect(latest?.result == (whole ? build.result : nil))
        let made = build.packages.filter { $0.disposition == .made }
        for package in made {
            #expect(try reader.whence.contains(package.sha256) == whole)
        }
    }
}
