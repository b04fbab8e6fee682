public import Testing

/// Runs a ``SwarmTestBed`` around all tests of a suite.
public struct SwarmTrait: SuiteTrait, TestScoping {
    /// See `TestScoping`.
    public func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await SwarmTestBed.with { bed in
            try await SwarmTestBed.$shared.withValue(bed) { try await function() }
        }
    }
}

extension Trait where Self == SwarmTrait {
    /// A swarm of three nodes that the suite's tests share.
    public static var swarm: Self { SwarmTrait() }
}
