import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// The engine commands as a user types them.
@Suite struct EngineCommandsTests {
    @Test func composeFileIsWrittenAndChecked() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try await TypedSession.withPinnedSite(directory)
            #expect(await session.type("engine compose --check").status == 1)
            let made = await session.type("engine compose")
            #expect(made.status == 0)
            #expect(await session.type("engine compose --write").status == 0)
            #expect(
                try await session.git("cat-file blob main:config/compose.yaml") + "\n"
                    == made.output.replacing("<commit>", with: String(repeating: "5", count: 12)))
            #expect(
                await session.type("engine compose --check")
                    == CommandResult(output: "", errors: "", status: 0))
            #expect(await session.type("engine compose --write --check").status == 129)

            #expect(await session.type("doctor").output.contains("ok   shells: config/compose"))
            try session.write("x86-64-v3-base-default-more\n", "site/config/tuples")
            try await session.git("commit --quiet --all -m more")
            let stale = await session.type("doctor").output
            #expect(stale.contains("warn shells: config/compose.yaml is not what would be made"))
            #expect(stale.contains("hint: git zentoo engine compose --write"))
        }
    }

    @Test func doctorChecksEnginesOfTuples() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try TypedSession(
                directory, settings: ["zentoo.docker.context": "none-such"])
            await session.type("init site", in: ".")
            #expect(await !session.type("doctor").output.contains("none-such"))
            try session.write(
                "*-*-*-* engine=docker\nx86-64-v3-base-default-base\n", "site/config/tuples")
            try await session.git("commit --quiet --all -m docker")
            let said = await session.type("doctor").output
            #expect(said.contains("warn engine: "))
            #expect(
                said.contains("docker --context none-such version") || said.contains("docker-cli"))
        }
    }

    @Test func unknownEngineIsReportedWithKnownOnes() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try TypedSession(directory, settings: ["zentoo.engine": "cloud"])
            await session.type("init site", in: ".")
            let list = await session.type("engine list")
            #expect(list.status == 128)
            #expect(list.errors.contains("unknown engine 'cloud' in zentoo.engine"))
            #expect(list.errors.contains("local, docker, swarm"))
            let build = await session.type("build --engine cloud")
            #expect(build.status == 129)
            #expect(build.errors.contains("the engines are: local, docker, swarm"))
        }
    }
}
