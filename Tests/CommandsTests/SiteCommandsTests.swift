import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// Creating a site, as a user types it: each command with its output and
/// status.
@Suite struct SiteCommandsTests {
    @Test func siteIsCreated() async throws {
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

    @Test func initChecksItsArguments() async throws {
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

    @Test func gitDirVariableSelectsRepository() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try TypedSession(directory)
            await session.type("init site", in: ".")
            await session.type("init other", in: ".")
            await session.type("cpu new znver3", in: "other")
            let git = directory.appending("site").appending(".git").string
            // As 'git --git-dir=site/.git zentoo ...' sets it.
            for name in [git, "../site/.git"] {
                session.environment["GIT_DIR"] = name
                let listed = await session.type("cpu list", in: "other")
                #expect(!listed.output.contains("znver3"), "\(listed)")
            }
            #expect(await session.type("cpu new znver4", in: "other").status == 0)
            session.environment["GIT_DIR"] = nil
            #expect(await session.type("cpu list", in: "site").output.contains("znver4"))
            #expect(await !session.type("cpu list", in: "other").output.contains("znver4"))
            session.environment["GIT_DIR"] = "nowhere"
            #expect(await session.type("cpu list", in: "other").status == 128)
            #expect(await session.type("init", in: "other").status == 128)
        }
    }

    @Test func buildAllReportsUnparsableTuple() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try await TypedSession.withPinnedSite(directory)
            let names = ["x86-64-v3-base-default-base", "x86-64-v3-bse-default-base"]
            try session.write(names.map { "\($0)\n" }.joined(), "site/config/tuples")
            try await session.git("commit --quiet --all -m misspelt")
            let result = await session.type("build --all")
            #expect(result.status == 1, "\(result)")
            #expect(
                result.errors.contains("error: tuple '\(names[1])' names no portage"), "\(result)")
            #expect(!result.errors.contains("fatal: "), "\(result)")
        }
    }

    @Test func templateIsFoundBesideProgram() throws {
        #expect(
            TemplateDirectory.candidates(for: "/usr/local/bin/git-zentoo") == [
                "/usr/local/share/git-zentoo/site"
            ])
        #expect(
            TemplateDirectory.candidates(for: "/src/zentoo/.build/debug/git-zentoo").last
                == "/src/zentoo/config/site")
    }
}
