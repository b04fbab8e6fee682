import TestSupport
import Testing

/// The real `git zentoo`, real Portage, a real stage: what a build leaves
/// behind, and what is left after a failure.
///
/// Serialized: a build uses more than one processor at times, and mostly less.
/// ``MoreWholeRuns`` run concurrently with these. ``DemoTrait`` creates what
/// the tests share and do not change, once for each of the two suites, from the
/// output of `config/demo/prepare`.
@Suite(
    .serialized, .endsHangs, .demo,
    .enabled(
        if: DemoWorkshop.isPrepared, "needs the demo's stage: config/demo/prepare .build/demo"),
    .enabled(if: DemoWorkshop.hasBubblewrap, "needs bubblewrap"))
enum WholeRuns {}

/// The other half of the ``WholeRuns``: tests that need a site where nothing
/// has been built. Both halves take about the same time.
@Suite(
    .serialized, .endsHangs, .demo,
    .enabled(
        if: DemoWorkshop.isPrepared, "needs the demo's stage: config/demo/prepare .build/demo"),
    .enabled(if: DemoWorkshop.hasBubblewrap, "needs bubblewrap"))
enum MoreWholeRuns {}

/// Creates a ``DemoWorkshop`` for all tests of a suite.
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
    /// Creates what whole runs share.
    static var demo: Self { DemoTrait() }
}
