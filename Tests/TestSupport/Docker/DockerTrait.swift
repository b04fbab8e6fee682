public import Testing

/// Runs a ``TestDaemon`` around all tests of a suite.
public struct DockerTrait: SuiteTrait, TestScoping {
    /// See `TestScoping`.
    public func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await TestDaemon.with { daemon in
            try await TestDaemon.$shared.withValue(daemon) { try await function() }
        }
    }
}

extension Trait where Self == DockerTrait {
    /// A Docker daemon that the suite's tests share.
    public static var docker: Self { DockerTrait() }
}
