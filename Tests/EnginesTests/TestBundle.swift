import Exec
import Glibc
import SystemPackage
import TestSupport

/// The test program, to be run again: as another user, or to be killed.
enum TestBundle {
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    static func invocation(filter: String, environment: [String: String] = [:]) -> Invocation {
        Invocation(
            BuiltPrograms.tests.string,
            ["--testing-library", "swift-testing", "--filter", filter],
            environment: Invocation.basicEnvironment.merging(environment) { $1 })
    }

    /// Runs such a program until it ends.
    ///
    /// - Returns: whether all its tests passed, and its output.
    static func outcome(of invocation: Invocation) async throws -> (passed: Bool, log: String) {
        let completion = try await invocation.run(limit: 1 << 20)
        return (
            completion.status.isSuccess,
            String(decoding: completion.output + completion.errors, as: UTF8.self)
        )
    }
}
