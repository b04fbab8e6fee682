import Files
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// A root's changes on their way back, as one types it.
@Suite struct RootCommandsTests {
    private let tree: FilePath = "site/.git/zentoo/roots/desk/tree"

    private func write(_ text: String, _ path: String, _ session: TypedSession) throws {
        try FileContent.write(Array(text.utf8), to: session.directory.pushing(FilePath(path)))
    }

    /// A site whose stage and repository are pinned, though they are nowhere.
    private func start(_ directory: FilePath) async throws -> TypedSession {
        var session = try TypedSession(directory)
        await session.type("init site", in: ".")
        let digest = String(repeating: "5", count: 64)
        try write("openrc /srv/stage3.tar.xz\n", "site/config/stages", session)
        try write(
            "stage openrc sha256:\(digest)\nrepository gentoo sha256:\(digest)\n",
            "site/config/zentoo.lock", session)
        try await session.git("add --all")
        try await session.git("commit --quiet -m pinned")
        session.transcript = ""
        return session
    }

    @Test func aRootIsPromoted() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try await start(directory)
            await session.type("new-root desk")
            await session.type("root promote desk")
            try write("app-misc/tmux vi\n", "\(tree)/etc/portage/package.use/tmux", session)
            await session.type("root promote desk")
            try await session.git("add --all", in: tree.string)
            try await session.git("commit --quiet -m tmux", in: tree.string)
            try write(
                "COMMON_FLAGS=\"-O2 -march=x86-64-v3\"\n",
                "\(tree)/etc/portage/make.conf/10-x86-64-v3", session)
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

    @Test func conflictsAreTold() async throws {
        try await TemporaryDirectory.with { directory in
            var session = try await start(directory)
            await session.type("new-root desk")
            try write("mine\n", "\(tree)/buildhooks/services", session)
            try write("words\n", "\(tree)/README", session)
            try await session.git("add --all", in: tree.string)
            try await session.git("commit --quiet -m mine", in: tree.string)
            await session.type("root promote desk")
            try await session.git("rm --quiet README", in: tree.string)
            try await session.git("commit --quiet -m tidy", in: tree.string)
            try await session.git("worktree add --quiet ../hooks buildhooks/default")
            try write("theirs\n", "hooks/services", session)
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
