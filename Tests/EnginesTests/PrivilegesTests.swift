import Exec
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Engines

/// How files that belong to other ids are handled.
@Suite struct PrivilegesTests {
    @Test func rootNeedsNoNamespace() {
        let invocation = Invocation("tar", ["-x"], workingDirectory: "/srv", input: .bytes([1]))
        #expect(Privileges.root.wrap(invocation) == invocation)
    }

    @Test func plainUserActsInNamespace() {
        let invocation = Invocation("tar", ["-x"], workingDirectory: "/srv", input: .bytes([1]))
        var expected = invocation
        expected.program = "/usr/bin/git-zentoo"
        expected.arguments = ["--in-user-namespace", "tar", "-x"]
        let privileges = Privileges.userNamespace(launcher: "/usr/bin/git-zentoo")
        #expect(privileges.wrap(invocation) == expected)
    }

    @Test(.enabled(if: LocalEngineFixture.isAvailable, "needs user namespaces"))
    func treesOfOtherIDsAreRemoved() async throws {
        let privileges = Privileges.ofTests
        try await privileges.check()
        try await TemporaryDirectory.with { directory in
            let tree = directory.appending("tree")
            let script = """
                mkdir -p "$0/a/b"; touch "$0/a/b/c"; chown 250:250 "$0/a/b/c" "$0/a/b"
                chmod 0 "$0/a/b"
                """
            try await privileges.wrap(Invocation("sh", ["-ec", script, tree.string]))
                .run().orThrow()
            try await privileges.removeTree(tree)
            #expect(access(tree.string, F_OK) != 0)
            // A missing tree is no error.
            try await privileges.removeTree(tree)
        }
    }

    @Test(.enabled(if: !LocalEngineFixture.isRoot, "root needs no namespace"))
    func plainUserHasIDsOfRoot() async throws {
        let privileges = Privileges.ofTests
        let script = "id -u; id -g; head -n 1 /proc/self/uid_map; echo gone >&2; exit 7"
        let completion = try await privileges.wrap(Invocation("sh", ["-c", script])).run()
        #expect(
            completion.text.split(whereSeparator: \.isWhitespace) == [
                "0", "0", "0", "\(getuid())", "1",
            ])
        #expect(completion.errors == Array("gone\n".utf8))
        #expect(completion.status == .exited(7))
        let missing = try await privileges.wrap(Invocation("no-such-program")).run()
        #expect(missing.status == .exited(127))
        #expect(
            String(decoding: missing.errors, as: UTF8.self)
                == "fatal: cannot run 'no-such-program': No such file or directory\n")
    }

    /// Including the moments in which the helpers that map the ids are waiting.
    @Test(.enabled(if: !LocalEngineFixture.isRoot, "root needs no namespace"))
    func cancellingLeavesNoProcesses() async throws {
        let marker = String(Int.random(in: 1_000_000_000..<9_000_000_000))
        let sleep = Privileges.ofTests.wrap(Invocation("sleep", [marker]))
        for round in 0..<100 {
            let delay = Duration.microseconds(round * 500)
            await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await sleep.run() }
                    try await Task.sleep(for: delay)
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
            // A process that waits for the id mapping learns from the end of file that
            // none will come, and needs a moment to exit.
            try await Patience.wait(for: "all processes end, cancelled after \(delay)") {
                try Processes.commandLines(with: marker).isEmpty
            }
        }
    }

    @Test func linksAreNotFollowedOutOfTree() async throws {
        try await TemporaryDirectory.with { directory in
            let outside = directory.appending("outside")
            try #require(mkdir(outside.string, 0o755) == 0)
            try EngineContractStage.write("safe\n", to: outside.appending("file"))
            let tree = directory.appending("tree")
            try #require(mkdir(tree.string, 0o755) == 0)
            try #require(symlink(outside.string, tree.appending("link").string) == 0)
            let link = directory.appending("link")
            try #require(symlink(outside.string, link.string) == 0)

            try await Privileges.root.removeTree(tree)
            let error = await #expect(throws: EngineError.self) {
                try await Privileges.root.removeTree(link)
            }
            #expect(error?.message == "cannot remove '\(link)': not a directory")
            #expect(try Processes.text(of: outside.appending("file")) == "safe\n")
        }
    }

    @Test(.enabled(if: LocalEngineFixture.isRoot, "needs root to mount"))
    func mountedFilesAreNotRemoved() async throws {
        try await TemporaryDirectory.with { directory in
            let tree = directory.appending("a tree")
            let inner = tree.appending("inner")
            try #require(mkdir(tree.string, 0o755) == 0 && mkdir(inner.string, 0o755) == 0)
            try await Invocation("mount", ["--bind", directory.string, inner.string])
                .run().orThrow()
            let error = await #expect(throws: EngineError.self) {
                try await Privileges.root.removeTree(tree)
            }
            try await Invocation("umount", [inner.string]).run().orThrow()
            #expect(
                error?.message == "cannot remove '\(tree)': something is mounted on '\(inner)'")
            #expect(access(inner.string, F_OK) == 0)
        }
    }

    @Test func mountPointsAreUnescaped() {
        let table = MountTable(
            mountinfo: Array(
                #"""
                1 0 8:1 / / rw - ext4 /dev/sda rw
                2 1 8:1 /x /a\040b\134c rw - ext4 /dev/sda rw
                3 1 8:1 /y /d/e rw - ext4 /dev/sda rw
                """#.utf8))
        #expect(table.first(within: "/a b\\c") == #"/a b\c"#)
        #expect(table.first(within: "/a b") == nil)
        #expect(table.first(within: "/a") == nil)
        #expect(table.first(within: "/d") == "/d/e")
    }
}
