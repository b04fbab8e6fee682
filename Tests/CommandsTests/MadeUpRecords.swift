@testable import Git
@testable import Records
@testable import Sites
import Testing

/// Made-up build records for the tests of answers.
enum MadeUp {
    /// The current time of the answers: 2026-11-23T22:18:30Z.
    static let now = Timestamp(seconds: 1_795_472_310)
    static let tuple = "znver3-base-default-router"

    static func build(_ text: String) throws -> BuildID { try #require(BuildID(text)) }

    static func id(_ digit: Character) throws -> ObjectID {
        try #require(ObjectID(hex: String(repeating: digit, count: 40)))
    }

    static func digest(_ digit: Character) throws -> SHA256Digest {
        try #require(SHA256Digest(String(repeating: digit, count: 64)))
    }

    static func series(_ tuple: String = tuple) throws -> BuildSeries {
        try #require(BuildSeries(site: ZentooName("main"), tuple: tuple))
    }

    static func entry(
        _ build: String, _ number: Int?, tuple: String = tuple,
        failure: BuildResult.Failure? = nil, made: Int = 1,
        change: (inout BuildResult) -> Void = { _ in }
    ) throws -> BuildEntry {
        let series = try series(tuple)
        var result = BuildResult(
            build: try Self.build(build), status: number == nil ? .failure : .success,
            series: series, commit: try id("c"), tree: try id("7"), flavour: "0123456789abcdef",
            chost: "x86_64-pc-linux-gnu", stage: try digest("5"), engine: "local", duration: 3725,
            packageCount: 2, madeCount: made, failure: failure,
            tagger: Signature(
                name: "A U Thor", email: "author@example.com", seconds: now.seconds, offset: 0))
        change(&result)
        return BuildEntry(result: result, tag: number.map { series.tagName($0) })
    }

    static func package(
        _ text: String, _ number: Int = 1, use: [String] = [], slot: String = "0",
        disposition: RecordedPackage.Disposition = .made, digit: Character = "a"
    ) throws -> RecordedPackage {
        let cpv = try #require(CPV(text))
        return RecordedPackage(
            cpv: cpv, buildNumber: number, slot: slot, use: use, size: 1_500_000,
            sha256: try digest(digit),
            path: try #require(
                PoolPath(
                    chost: "x86_64-pc-linux-gnu", flavour: "0123456789abcdef", cpv: cpv,
                    number: number)),
            repository: "gentoo", disposition: disposition,
            duration: disposition == .made ? 90 : nil)
    }

    /// Records successful builds of ``tuple`` up to the greatest of `numbers`, and
    /// deletes the tags of the builds not in `numbers`.
    static func record(builds numbers: [Int], in repository: Repository) async throws {
        let files = try repository.writeTree([])
        let tagger = Signature(name: "A U Thor", email: "author@example.com", seconds: now.seconds)
        let commit = try repository.createCommit(
            tree: files, parents: [], author: tagger, committer: tagger, message: "tuple\n")
        for number in 1...(numbers.max() ?? 1) {
            let result = try entry("20261120T101500.007Z-0123456789", number) { result in
                result.build = BuildID.make(now: Timestamp(seconds: now.seconds + Int64(number)))
                (result.commit, result.tree) = (commit, files)
            }.result
            _ = try await Recorder(repository).record(FinishedBuild(result: result, packages: []))
            if !numbers.contains(number) {
                try repository.delete(RefName.tag(result.series.tagName(number)))
            }
        }
    }

    static func mention(_ subject: String, branch: String? = nil) throws -> CommitMention {
        let author = Signature(
            name: "A U Thor", email: "author@example.com", seconds: now.seconds, offset: 0)
        let commit = Commit(
            id: try id("d"), tree: try id("7"), parents: [], author: author, committer: author,
            message: subject)
        return CommitMention(commit, branch: branch)
    }

    static func change(
        _ path: String, _ commits: [CommitMention] = []
    ) throws -> InputChange {
        let entry = TreeEntry(name: [], mode: .file, id: try id("1"))
        let other = TreeEntry(name: [], mode: .file, id: try id("2"))
        return InputChange(
            change: PathChange(TreeDelta(path: TreePath(path), old: entry, new: other)),
            commits: commits)
    }
}
