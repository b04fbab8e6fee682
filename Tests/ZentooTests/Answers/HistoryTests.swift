import Git
@testable import Records
import SystemPackage
import TestSupport
import Testing

/// Answers from a long history, which are found without reading all of it.
struct HistoryTests {
    private static let count = 40

    /// Records builds of one tuple, one a second; every fifth fails. Each makes one
    /// package.
    private static func with(
        _ body: (RecordFixture, [FinishedBuild]) async throws -> Void
    ) async throws {
        try await RecordFixture.with { fixture in
            let builds = try (0..<count).map { index in
                try fixture.build(
                    at: Int64(1_000_000 + index), status: index % 5 == 4 ? .failure : .success,
                    packages: [RecordFixture.package("a/b-\(index)")])
            }
            for build in builds { _ = try await Recorder(fixture.repository).record(build) }
            try await body(fixture, builds)
        }
    }

    private static func origins(_ builds: [FinishedBuild]) -> [PackageOrigin] {
        builds.flatMap { build in build.packages.map { PackageOrigin($0, of: build.result) } }
    }

    private static func expectAllTags(
        _ fixture: RecordFixture, _ builds: [FinishedBuild], _ numbers: [BuildID: Int]
    ) throws {
        let reader = try ResultReader(fixture.repository)
        let series = try RecordFixture.series()
        // All at once, then each on its own.
        let all = try reader.tags(of: origins(builds))
        #expect(all == numbers.mapValues { series.tagName($0) })
        for build in builds {
            let id = build.result.build
            let tags = try reader.tags(of: origins([build]))
            #expect(tags[id] == numbers[id].map { series.tagName($0) })
            let entries = try reader.builds(of: origins([build]))
            #expect(entries[id]?.result == build.result)
            #expect(entries[id]?.tag == tags[id])
        }
    }

    private static func numbers(_ builds: [FinishedBuild]) -> [BuildID: Int] {
        let successes = builds.map(\.result).filter { $0.status == .success }
        return Dictionary(
            uniqueKeysWithValues: zip(successes.map(\.build), 1...successes.count))
    }

    @Test func tagsOfBuildsAreFound() async throws {
        try await Self.with { fixture, builds in
            try await fixture.files.git("gc", "--quiet", "--prune=now")
            try Self.expectAllTags(fixture, builds, Self.numbers(builds))
        }
    }

    /// As after merging the records of two repositories, or after a user removed a
    /// tag.
    @Test func unorderedAndMissingTagsAreHandled() async throws {
        try await Self.with { fixture, builds in
            var numbers = Self.numbers(builds)
            let series = try RecordFixture.series()
            func tag(_ number: Int) -> String { "refs/tags/\(series.tagName(number))" }
            // The middle tag, which the binary search reads first, is removed; two others
            // swap their numbers, and one gets a new number.
            for (old, new) in [(3, 100), (5, 3), (100, 5), (20, 64)] {
                try await fixture.files.git("update-ref", tag(new), tag(old))
                try await fixture.files.git("update-ref", "-d", tag(old))
            }
            try await fixture.files.git("update-ref", "-d", tag(16))
            for (build, number) in numbers {
                let moved = [3: 5, 5: 3, 20: 64]
                numbers[build] = number == 16 ? nil : moved[number] ?? number
            }
            try Self.expectAllTags(fixture, builds, numbers)
        }
    }

    @Test func newestBuildsAreFoundFromTheEnd() async throws {
        try await Self.with { fixture, builds in
            let series = try RecordFixture.series()
            let results = builds.map(\.result)
            for isStored in [true, false] {
                if !isStored {
                    // The index as it was before the last builds.
                    let name = try RefName(Whence.referenceName)
                    let whence = try #require(try fixture.repository.resolve(name))
                    try fixture.repository.set(name, to: whence, expecting: .anything)
                    for build in try [
                        fixture.build(at: 999_999, packages: []),
                        fixture.build(at: 2_000_000, status: .failure, packages: []),
                    ] {
                        _ = try await Recorder(fixture.repository).record(build)
                    }
                    try fixture.repository.set(name, to: whence, expecting: .anything)
                }
                let reader = try ResultReader(fixture.repository)
                let ids = try reader.whence.builds(of: series)
                #expect(ids == ids.sorted().reversed())
                #expect(ids.count == Self.count + (isStored ? 0 : 2))
                for limit in [0, 1, 2, 7, 1000] {
                    let some = try reader.whence.builds(of: series, limit: limit)
                    #expect(some == Array(ids.prefix(limit)))
                }
                #expect(try reader.newest(of: series)?.result.build == ids.first)
                // The very last build was a failure.
                let success = try #require(results.last { $0.status == .success })
                #expect(try reader.latest(of: series)?.result == success)
                let latest = try #require(try reader.latest(of: series))
                let before = try reader.success(before: latest)
                #expect(
                    before?.result
                        == results.last { $0.status == .success && $0.build < success.build })
            }
        }
    }
}
