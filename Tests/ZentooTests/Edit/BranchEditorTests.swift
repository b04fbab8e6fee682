@testable import Edits
import Files
import Git
import SystemPackage
import TestSupport
import Testing

/// Commits on a branch that is checked out.
struct BranchEditorTests {
    private static let changes: [BranchEditor.Change] = [
        .write("config/tuples", Array("two\n".utf8)), .write("new/zentoo.lock", Array("1\n".utf8)),
        .remove("old"),
    ]

    private func withCheckout(
        _ body: (TemporaryRepository, BranchEditor) async throws -> Void
    ) async throws {
        try await TemporaryRepository.with { temporary in
            try temporary.commit(files: ["config/tuples": "one\n", "old": "x\n"], on: "main")
            try await temporary.git.run(["reset", "--quiet", "--hard"], directory: temporary.path)
            let editor = BranchEditor(
                repository: try temporary.open(), git: temporary.git,
                identity: TemporaryRepository.signature)
            try await body(temporary, editor)
        }
    }

    private func status(_ temporary: TemporaryRepository) async throws -> String {
        try await temporary.git.run(
            ["status", "--porcelain", "--ignored"], directory: temporary.path
        ).text
    }

    @Test func refusedCommitLeavesNothing() async throws {
        try await withCheckout { temporary, editor in
            let hook = temporary.gitDirectory.pushing("hooks/pre-commit")
            try Directory.create(hook.removingLastComponent())
            try FileContent.write(
                Array("#!/bin/sh\nexit 1\n".utf8), to: hook,
                permissions: FilePermissions(rawValue: 0o755))
            await #expect(throws: (any Error).self) {
                try await editor.commit(Self.changes, to: "main", message: "change")
            }
            #expect(try await status(temporary) == "")
            #expect(
                try FileContent.read(temporary.path.pushing("config/tuples"))
                    == Array("one\n".utf8))
            try FileContent.remove(hook)
            #expect(try await editor.commit(Self.changes, to: "main", message: "change") != nil)
            #expect(try await status(temporary) == "")
        }
    }

    @Test func ignoredFileIsCommitted() async throws {
        try await withCheckout { temporary, editor in
            let ignored = temporary.root.appending("ignored")
            try FileContent.write(Array("*.lock\n".utf8), to: ignored)
            try await temporary.git.setConfiguration(
                "core.excludesFile", to: ignored.string, gitDirectory: temporary.gitDirectory)
            #expect(try await editor.commit(Self.changes, to: "main", message: "change") != nil)
            #expect(try await status(temporary) == "")
            let text = try await temporary.git.run(
                ["show", "HEAD:new/zentoo.lock"], directory: temporary.path
            ).text
            #expect(text == "1")
        }
    }
}
