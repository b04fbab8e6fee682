import TestSupport
import Testing

/// The real `git zentoo`, real Portage, a real stage: what a build leaves
/// behind, and what is left of one that goes wrong.
///
/// One after the other: a build takes more than one processor at times, and for
/// the most part less. ``MoreWholeRuns`` are run beside these. What the tests
/// need and do not change is made once for each of the two, by ``DemoTrait``;
/// `config/demo/prepare` makes what even that begins with.
@Suite(
    .serialized, .endsHangs, .demo,
    .enabled(
        if: DemoWorkshop.isPrepared, "needs the demo's stage: config/demo/prepare .build/demo"),
    .enabled(if: DemoWorkshop.hasBubblewrap, "needs bubblewrap"))
enum WholeRuns {}

/// The other half of the ``WholeRuns``: what wants a site where nothing has been
/// built before. Both take about the same time.
@Suite(
    .serialized, .endsHangs, .demo,
    .enabled(
        if: DemoWorkshop.isPrepared, "needs the demo's stage: config/demo/prepare .build/demo"),
    .enabled(if: DemoWorkshop.hasBubblewrap, "needs bubblewrap"))
enum MoreWholeRuns {}

/// Makes a ``DemoWorkshop`` around all tests of a suite.
struct DemoTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await DemoWorkshop.with { workshop in
            try await DemoWorkshop.$shared.withValue(workshop) { try await function() }
        }
    }
}

extension Trait where Self == DemoTrait {
    /// What whole runs share.
    static var demo: Self { DemoTrait() }
}
