import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// What all commands do once a repository is open.
@Suite struct SessionTests {
    @Test func branchBehindRemoteWarns() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try TypedSession(directory)
            await session.type("init site", in: ".")
            try await session.git("config remote.origin.url /nonexistent")
            for branch in ["main", "portage/base"] {
                try await session.git("update-ref refs/remotes/origin/\(branch) \(branch)")
            }
            #expect(await session.type("tuple check").errors == "")

            // The remote is ahead: two commits on one branch, and one on another that also
            // has a local commit.
            for (branch, count) in [("portage/base", 2), ("main", 1)] {
                for _ in 0..<count {
                    let commit = try await session.git(
                        "commit-tree -p origin/\(branch) -m theirs \(branch)^{tree}")
                    try await session.git("update-ref refs/remotes/origin/\(branch) \(commit)")
                }
            }
            try await session.git("commit --quiet --allow-empty -m ours")
            let warnings = """
                warning: 'main' is behind 'origin/main' by 1 commit
                hint: git -C '/tmp/test/site' merge origin/main
                warning: 'portage/base' is behind 'origin/portage/base' by 2 commits
                hint: git fetch . origin/portage/base:portage/base

                """
            let status = await session.type("status")
            #expect(status.errors == warnings)
            #expect(status.status == 0)
            #expect(await session.type("tuple check").errors == warnings)

            // The hints can be typed as they are.
            try await session.git("merge --quiet --no-edit origin/main")
            try await session.git("fetch --quiet . origin/portage/base:portage/base")
            #expect(await session.type("tuple check").errors == "")
        }
    }

    @Test func missingIdentityIsReportedWithHint() async throws {
        try await TemporaryDirectory.with { directory in
            let identity = ["NAME", "EMAIL"].flatMap {
                ["GIT_AUTHOR_\($0)", "GIT_COMMITTER_\($0)"]
            }
            var session = try TypedSession(
                directory, unset: Set(identity),
                settings: ["user.useConfigOnly": "true"])
            let result = await session.type("init site", in: ".")
            #expect(result.status == 128)
            #expect(
                result.errors == """
                    fatal: git does not know who you are, and records bear a name
                    hint: git config --global user.name 'Your Name'
                    hint: git config --global user.email 'you@example.com'

                    """)
        }
    }
}
