import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// Making a site, as one types it: each command with its streams and status.
@Suite struct SiteCommandsTests {
    @Test func aSiteIsMade() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try TypedSession(directory)
            await session.type("init site", in: ".")
            await session.type("init")
            for line in [
                "tuple list", "tuple check", "tuple show x86-64-v3-base-default-base",
                "portage list", "portage show base", "portage new router --from base",
                "portage new router", "buildhooks show default", "cpu new znver3",
                "cpu new bad --march native", "cpu list", "cpu show x86-64-v3",
                "tuple check --json", "tuple show no-such-tuple",
            ] {
                await session.type(line)
            }
            try assertSnapshot(session.transcript, named: "site/made")
        }
    }

    @Test func initTakesNothingForGranted() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try TypedSession(directory)
            #expect(await session.type("init site --template nothing", in: ".").status == 128)
            #expect(await session.type("init Site --site Main", in: ".").status == 128)
            #expect(await session.type("init bare.git --bare", in: ".").status == 0)
            #expect(await session.type("tuple check", in: "bare.git").status == 1)
            #expect(await session.type("init site", in: ".").status == 0)
            #expect(await session.type("init --bare").status == 128)
            try assertSnapshot(session.transcript, named: "site/init")
        }
    }

    @Test func theSkeletonIsFoundBesideTheProgram() throws {
        #expect(
            TemplateDirectory.candidates(for: "/usr/local/bin/git-zentoo") == [
                "/usr/local/share/git-zentoo/site"
            ])
        #expect(
            TemplateDirectory.candidates(for: "/src/zentoo/.build/debug/git-zentoo").last
                == "/src/zentoo/config/site")
    }
}
