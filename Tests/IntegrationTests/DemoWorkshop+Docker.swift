import TestSupport
import Testing

extension DemoWorkshop {
    /// Runs `body` with a copy of a site where nothing has been built, whose
    /// commands use the suite's Docker daemon; checks that nothing is left there.
    static func withDockerSite(_ body: (DemoSite) async throws -> Void) async throws {
        let daemon = try #require(TestDaemon.shared)
        try await withSite { site in
            var site = site
            site.environment["DOCKER_HOST"] = daemon.environment["DOCKER_HOST"]
            // The daemon has no bridge.
            try await site.git("config", "zentoo.docker.network", "host")
            try await body(site)
            #expect(try await daemon.ask("ps", "--all", "--quiet") == "")
            #expect(try await daemon.ask("volume", "ls", "--quiet") == "")
            #expect(
                try await daemon.ask("network", "ls", "--quiet", "--filter", "type=custom") == "")
        }
    }
}
