import Exec
import Glibc
import SystemPackage
import TestSupport

/// These tests as a program that can be run again: by another user, or to be
/// killed.
enum TestBundle {
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    static func invocation(filter: String, environment: [String: String] = [:]) -> Invocation {
        Invocation(
            BuiltPrograms.tests.string,
            ["--testing-library", "swift-testing", "--filter", filter],
            environment: Invocation.basicEnvironment.merging(environment) { $1 })
    }

    /// Runs such a program to its end.
    ///
    /// - Returns: whether all its tests passed, and what it said.
    static func outcome(of invocation: Invocation) async throws -> (passed: Bool, log: String) {
        let completion = try await invocation.run(limit: 1 << 20)
        return (
            completion.status.isSuccess,
            String(decoding: completion.output + completion.errors, as: UTF8.self)
        )
    }
}
