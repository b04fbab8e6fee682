import Engines
import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Runs the same tests as an unprivileged user if root runs the tests: the test
/// program is started again as the first user with subordinate ids in
/// `/etc/subuid`.
@Suite(
    .enabled(if: LocalEngineFixture.isAvailable, "needs bubblewrap and a static busybox"),
    .enabled(if: LocalEngineFixture.isRoot, "needs root to become another user"),
    .enabled(if: PlainUser.name != nil, "needs a user with ids in /etc/subuid"))
struct PlainUserTests {
    @Test(arguments: ["LocalEngineTests", "PrivilegesTests"])
    func keepsTheContract(_ suite: String) async throws {
        let user = try #require(PlainUser.name)
        var invocation = TestBundle.invocation(filter: "EnginesTests.\(suite)")
        invocation.arguments =
            ["--reuid", user, "--regid", user, "--init-groups", "--", invocation.program]
            + invocation.arguments
        invocation.program = "setpriv"
        let (passed, log) = try await TestBundle.outcome(of: invocation)
        #expect(passed, "\(log)")
        // A suite that was skipped has passed as well.
        #expect(log.contains("Suite \(suite) passed"), "\(log)")
    }
}
