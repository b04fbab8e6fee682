@testable import Builds
@testable import Commands
@testable import Records
@testable import Sites
import TestSupport
import Testing

/// The output of `why` for packages, and the formats of times, sizes and names.
@Suite struct PackagePageTests {
    private func answer(
        _ planned: [PackageExplanation]?, recorded: [RecordedPackage] = [],
        latest: BuildEntry? = nil
    ) -> PackageSummary {
        PackageSummary(
            PackageAnswer(
                question: "sed", tuple: MadeUp.tuple, planned: planned, latest: latest,
                recorded: recorded))
    }

    private func planned(_ use: [String], isReused: Bool) throws -> PlannedPackage {
        PlannedPackage(
            cpv: try #require(CPV("sys-apps/sed-4.9")), slot: "0", use: use,
            repository: "gentoo", chost: "x86_64-pc-linux-gnu", flavour: "fedcba9876543210",
            isReused: isReused)
    }

    @Test func whyExplainsReusedCompiledAndUnknownPackages() throws {
        let entry = try MadeUp.entry("20261122T101500.007Z-0123456789", 2)
        let recorded = try MadeUp.package("sys-apps/sed-4.9", use: ["acl"])
        let reused = PackageExplanation(
            verdict: PackageVerdict(try planned(["acl"], isReused: true), recorded: [recorded]),
            isEdited: true, origin: PackageOrigin(recorded, of: entry.result), isMissing: true,
            refused: [])
        try assertSnapshot(
            answer([reused], latest: entry).page.rendered(colored: false),
            named: "answers/why-reused")

        let verdict = PackageVerdict(try planned(["nls"], isReused: false), recorded: [recorded])
        let changes = [FlavourChange(input: "variable CFLAGS", before: "-O2", after: nil)]
        func refusal(_ number: Int, isInPool: Bool) throws -> PackageExplanation.Refusal {
            let package = try MadeUp.package("sys-apps/sed-4.9", number, use: ["acl"])
            return .init(
                package: package, build: entry.result.build, series: entry.result.series,
                isInPool: isInPool,
                causes: PackageVerdict.differences(from: package, to: verdict.package),
                flavourChanges: changes)
        }
        let compiled = PackageExplanation(
            verdict: verdict, isEdited: false, origin: nil, isMissing: false,
            refused: try (1...8).map { try refusal($0, isInPool: $0 != 2) })
        try assertSnapshot(
            answer([compiled], latest: entry).page.rendered(colored: false),
            named: "answers/why-compiled")
        try assertSnapshot(
            answer([], recorded: [recorded], latest: entry).page.rendered(colored: false),
            named: "answers/why-not-planned")
        try assertSnapshot(
            answer(nil).page.rendered(colored: false), named: "answers/why-unknown")
    }

    @Test(
        arguments: [
            (0, "0 seconds ago"), (1, "1 second ago"), (89, "89 seconds ago"),
            (90, "2 minutes ago"), (3600, "60 minutes ago"), (5400, "2 hours ago"),
            (36 * 3600, "2 days ago"), (13 * 86400, "13 days ago"), (14 * 86400, "2 weeks ago"),
            (69 * 86400, "10 weeks ago"), (80 * 86400, "3 months ago"),
            (364 * 86400, "12 months ago"), (800 * 86400, "2 years ago"), (-5, "in the future"),
        ])
    func relativeTimesMatchGit(seconds: Int, text: String) {
        let moment = Timestamp(seconds: MadeUp.now.seconds - Int64(seconds))
        #expect(RelativeTime.text(moment, now: MadeUp.now) == text)
    }

    @Test func amountsAreFormatted() {
        #expect([0, 43, 725, 7380].map(Amount.time) == ["0 s", "43 s", "12 min 5 s", "2 h 3 min"])
        #expect(
            [0, 1023, 1024, 20480, 1_500_000, 3 << 40].map(Amount.bytes)
                == ["0 B", "1023 B", "1.0 KiB", "20.0 KiB", "1.4 MiB", "3.0 TiB"])
        #expect(Amount.of(1, "package") == "1 package")
        #expect(Amount.of(0, "package") == "0 packages")
    }

    @Test func buildNamesAreAbbreviatedUniquely() throws {
        let builds = try [
            "20261122T101500.007Z-0123456789", "20261122T101500.007Z-0123999999",
        ].map(MadeUp.build)
        #expect(BuildNames([builds[0]]).short(builds[0]) == "20261122T101500.007")
        #expect(BuildNames(builds).short(builds[1]) == "20261122T101500.007Z-01239")
        #expect(BuildNames([]).short(builds[0]).count == 19)
    }
}
