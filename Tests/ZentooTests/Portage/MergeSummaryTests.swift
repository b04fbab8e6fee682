@testable import Builds
import Testing

/// The summary line of merge.py.
struct MergeSummaryTests {
    @Test func nativeMergeIsCounted() throws {
        let summary = try #require(
            MergeSummary(
                line: ">>> zentoo: merge route=native packages=5 direct=3 phases=2 milliseconds=316"
            ))
        #expect(summary.route == .native)
        #expect(summary.reason == nil)
        #expect(
            summary.counts == ["packages": 5, "direct": 3, "phases": 2, "milliseconds": 316])
    }

    @Test func reasonTakesTheRestOfTheLine() throws {
        let summary = try #require(
            MergeSummary(line: ">>> zentoo: merge route=emerge reason=ROOT=/x is unusual"))
        #expect(summary.route == .emerge)
        #expect(summary.reason == "ROOT=/x is unusual")
    }

    @Test(arguments: [
        "", ">>> zentoo: bell: all phases", ">>> zentoo: merge ", ">>> zentoo: merge route=odd",
        ">>> zentoo: merge route", ">>> Emerging binary (1 of 5) app-misc/zen-1",
    ])
    func otherLinesAreNotSummaries(line: String) {
        #expect(MergeSummary(line: line) == nil)
    }
}
