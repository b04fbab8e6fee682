import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// Promoting a root's changes, as a user types it.
@Suite struct RootCommandsTests {
    private let tree: FilePath = "site/.git/zentoo/roots/desk/tree"

    @Test func rootIsPromoted() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try await TypedSession.withPinnedSite(directory)
            await session.type("new-root desk")
            await session.type("root promote desk")
            try session.write("app-misc/tmux vi\n", "\(tree)/etc/portage/package.use/tmux")
            await session.type("root promote desk")
            try await session.git("add --all", in: tree.string)
            try await session.git("commit --quiet -m tmux", in: tree.string)
            try session.write(
                "COMMON_FLAGS=\"-O2 -march=x86-64-v3\"\n",
                "\(tree)/etc/portage/make.conf/10-x86-64-v3")
            try await session.git("commit --quiet --all -m cpu", in: tree.string)
            await session.type("root promote desk --dry-run")
            await session.type("root promote desk")
            await session.type("root promote desk")
            await session.type("root update desk")
            #expect(try await session.git("status --porcelain").isEmpty)
            #expect(try await session.git("status --porcelain", in: tree.string).isEmpty)
            try assertSnapshot(session.transcript, named: "root/promote")
        }
    }

    @Test func conflictsAreReported() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try await TypedSession.withPinnedSite(directory)
            await session.type("new-root desk")
            try session.write("mine\n", "\(tree)/buildhooks/services")
            try session.write("words\n", "\(tree)/README")
            try await session.git("add --all", in: tree.string)
            try await session.git("commit --quiet -m mine", in: tree.string)
            await session.type("root promote desk")
            try await session.git("rm --quiet README", in: tree.string)
            try await session.git("commit --quiet -m tidy", in: tree.string)
            try await session.git("worktree add --quiet ../hooks buildhooks/default")
            try session.write("theirs\n", "hooks/services")
            try await session.git("commit --quiet --all -m theirs", in: "hooks")
            await session.type("root update desk")
            await session.type("root promote desk")
            await session.type("root promote desk --json")
            await session.type("root promote nothing")
            await session.type("root promote desk --message=")
            try assertSnapshot(session.transcript, named: "root/conflicts")
        }
    }
}
