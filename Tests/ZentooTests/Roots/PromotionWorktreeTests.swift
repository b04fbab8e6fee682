@testable import Edits
import Git
@testable import Roots
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Working trees with a promoted branch checked out, and branches that only a
/// remote has.
@Suite struct PromotionWorktreeTests {
    private func promote(
        _ name: ZentooName, in repository: TemporaryRepository, remote: String? = nil
    ) async throws -> PromotionReport {
        let opened = try repository.open()
        return try await Promotion(
            RootBranch(name, in: opened),
            to: Site(ZentooName("main"), in: opened, remote: remote), git: repository.git,
            identity: TemporaryRepository.signature
        ).run()
    }

    private func status(
        _ place: FilePath, _ repository: TemporaryRepository
    ) async throws -> String {
        try await repository.git("-C", "\(place)", "status", "--porcelain")
    }

    private func checkOut(_ branch: String, _ fixture: RootFixture) async throws -> FilePath {
        let place = fixture.repository.root.appending(
            branch.split(separator: "/").joined(separator: "-"))
        try await fixture.repository.git("worktree", "add", "--quiet", "\(place)", branch)
        return place
    }

    @Test func worktreesFollowTheirBranches() async throws {
        try await RootFixture.with { fixture in
            let repository = fixture.repository
            try await repository.git("reset", "--quiet", "--hard")
            let portage = try await checkOut("portage/base", fixture)
            let root = try await checkOut("root/desk", fixture)
            try repository.write("mine\n", to: portage.appending("package.use/mine"))
            try repository.write(
                "USE=\"more\"\n", to: root.appending("etc/portage/make.conf/50-make.conf"))
            try await repository.git("-C", "\(root)", "commit", "--quiet", "--all", "-m", "more")
            try fixture.commit(["services": "nginx boot\n"], on: "buildhooks/default")
            let cpu = "COMMON_FLAGS=\"-O3\"\n"
            try repository.write(cpu, to: root.appending("etc/portage/make.conf/10-a"))
            try await repository.git("-C", "\(root)", "commit", "--quiet", "--all", "-m", "cpu")

            #expect(try await promote(fixture.name, in: repository).status == .promoted)
            #expect(try repository.text(portage.appending("make.conf")) == "USE=\"more\"\n")
            #expect(try repository.text(repository.path.appending("config/cpu/a")) == cpu)
            #expect(try repository.text(root.appending("buildhooks/services")) == "nginx boot\n")
            #expect(try await status(portage, repository) == "?? package.use/mine")
            #expect(try await status(root, repository) == "")
            #expect(try await status(repository.path, repository) == "")
        }
    }

    @Test func filesInTheWayPreventPromotion() async throws {
        try await RootFixture.with { fixture in
            let repository = fixture.repository
            try await repository.git("reset", "--quiet", "--hard")
            let portage = try await checkOut("portage/base", fixture)
            try repository.write("USE=\"mine\"\n", to: portage.appending("make.conf"))
            try fixture.commit([
                "etc/portage/make.conf/50-make.conf": "USE=\"more\"\n",
                "etc/portage/sets/tools": "x/y\n",
            ])
            let before = try await repository.git("for-each-ref")
            let error = try await #require(throws: ZentooError.self) {
                try await promote(fixture.name, in: repository)
            }
            #expect(error.code == .busy)
            #expect(error.message.contains("'portage/base' is checked out at '\(portage)'"))
            #expect(try await repository.git("for-each-ref") == before)
            #expect(try await status(repository.path, repository) == "")
            #expect(try repository.text(portage.appending("make.conf")) == "USE=\"mine\"\n")

            // An untracked file is in the way too.
            try await repository.git("-C", "\(portage)", "checkout", "--quiet", ".")
            try fixture.commit(["etc/portage/package.use/new": "x/y z\n"])
            try repository.write("mine\n", to: portage.appending("package.use/new"))
            await #expect(throws: ZentooError.self) {
                try await promote(fixture.name, in: repository)
            }
            #expect(try repository.text(portage.appending("package.use/new")) == "mine\n")
            #expect(try repository.text(portage.appending("make.conf")) == "USE=\"ssl\"\n")
        }
    }

    @Test func branchConflictRestoresWorktree() async throws {
        try await RootFixture.with { fixture in
            let repository = fixture.repository
            try await repository.git("reset", "--quiet", "--hard")
            let opened = try repository.open()
            let main = try RefName.branch("main")
            let old = try #require(try opened.resolve(main))
            let tree = try opened.editTree(
                base: opened.commit(old).tree,
                [.put("config/cpu/a", .file, try opened.writeBlob("B=1\n".utf8))])
            let new = try opened.createCommit(
                tree: tree, parents: [old], author: TemporaryRepository.signature, message: "new")
            let mover = BranchMover(
                repository: opened, git: repository.git,
                worktrees: try await repository.git.worktreesByBranch(
                    gitDirectory: repository.gitDirectory))
            let error = try await #require(throws: ZentooError.self) {
                try await mover.move(
                    [
                        RefChange(main, to: new, expecting: .value(old)),
                        RefChange(
                            try RefName.branch("portage/base"), to: new, expecting: .absent),
                    ], message: "test")
            }
            #expect(error.code == .busy)
            #expect(try opened.resolve(main) == old)
            #expect(try await status(repository.path, repository) == "")
            let text = try repository.text(repository.path.appending("config/cpu/a"))
            #expect(text?.hasPrefix("COMMON_FLAGS") == true)
        }
    }

    @Test func uncommittedChangesAreRefused() async throws {
        try await RootFixture.with { fixture in
            let root = try await checkOut("root/desk", fixture)
            try fixture.repository.write(
                "x/y z\n", to: root.appending("etc/portage/package.use/new"))
            let error = try await #require(throws: ZentooError.self) {
                try await promote(fixture.name, in: fixture.repository)
            }
            #expect(error.message == "root 'desk' has changes that are not committed")
            #expect(error.hints.last == "git -C \(root) commit")
        }
    }

    @Test func branchOfRemoteIsCreatedLocally() async throws {
        try await RootFixture.with { fixture in
            // As in a fresh clone: only the remote has the branch.
            let clone = fixture.repository
            try await clone.git("remote", "add", "origin", "/nonexistent")
            try await clone.git(
                "update-ref", "refs/remotes/origin/portage/base", "portage/base")
            try await clone.git("branch", "--quiet", "-D", "portage/base")
            try fixture.commit(["etc/portage/package.use/new": "x/y z\n"])
            let report = try await promote(fixture.name, in: clone, remote: "origin")
            #expect(report.status == .promoted)
            #expect(report.branches.map(\.name) == ["portage/base"])
            #expect(report.branches.map(\.isNew) == [true])
            #expect(
                try await clone.git("rev-parse", "--abbrev-ref", "portage/base@{upstream}")
                    == "origin/portage/base")
            #expect(
                try await clone.git("rev-list", "--count", "origin/portage/base..portage/base")
                    == "1")
        }
    }
}

extension TemporaryRepository {
    fileprivate func write(_ text: String, to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    fileprivate func text(_ path: FilePath) throws -> String? {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var buffer = [UInt8](repeating: 0, count: 1 << 12)
            let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
            return String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}
