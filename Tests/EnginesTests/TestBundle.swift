import Exec
import Glibc
import SystemPackage

/// These tests as a program that can be run again: by another user, or to be
/// killed.
enum TestBundle {
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    static func invocation(filter: String, environment: [String: String] = [:]) -> Invocation {
        Invocation(
            LocalEngineFixture.testBundle.string,
            ["--testing-library", "swift-testing", "--filter", filter],
            environment: Invocation.basicEnvironment.merging(environment) { $1 })
    }
}
