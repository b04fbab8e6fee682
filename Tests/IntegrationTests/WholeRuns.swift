import Testing

/// The real `git zentoo`, real Portage, a real stage: what a build leaves
/// behind, and what is left of one that goes wrong.
///
/// One after the other, since each build takes all processors. What the tests
/// need and do not change is made once, by ``DemoTrait``; `config/demo/prepare`
/// makes what even that begins with.
@Suite(
    .serialized, .timeLimit(.minutes(20)), .demo,
    .enabled(
        if: DemoWorkshop.isPrepared, "needs the demo's stage: config/demo/prepare .build/demo"),
    .enabled(if: DemoWorkshop.hasBubblewrap, "needs bubblewrap"))
enum WholeRuns {}

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
