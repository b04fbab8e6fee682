@testable import Builds
import Engines
import Files
import Git
@testable import Records
@testable import Sites
import SystemPackage
import TestSupport
import Testing
@testable import Upkeep

/// Copies in the state directory are verified against the ids they were made
/// from.
@Suite struct CopyCheckTests {
    @Test(arguments: [true, false])
    func alteredRepositoryIsFoundAndRecreated(isGit: Bool) async throws {
        try await RepositoryFixture.with { fixture in
            try fixture.write("#!/bin/sh\n", "overlay/tool")
            try await fixture.run("chmod", ["755", "overlay/tool"])
            try await fixture.run("ln", ["-s", "tool", "overlay/link"])
            if isGit { try await fixture.commit() }
            let source: RepositorySource =
                isGit ? .git(fixture.overlay.string, branch: "main") : .directory(fixture.overlay)
            let pin = try await fixture.store.resolve(name: fixture.name, source: source)
            let tree = try await fixture.store.materialize(pin, source: source)
            let check = CopyCheck(
                state: StateDirectory(path: fixture.path("state")), privileges: .ofTests)
            #expect(try await check.altered() == [])

            let ebuild = tree.pushing("app-misc/a/a-1.ebuild")
            let changes: [(FilePath, [String])] = [
                (ebuild, ["sh", "-c", "echo 'pkg_postinst() { :; }' >>'\(ebuild)'"]),
                (tree.appending("new"), ["touch", "\(tree)/new"]),
                (tree.appending("tool"), ["chmod", "644", "\(tree)/tool"]),
                (tree.appending("link"), ["ln", "-sfn", "elsewhere", "\(tree)/link"]),
            ]
            for (_, command) in changes {
                try await fixture.run(command[0], Array(command.dropFirst()))
                let altered = try await check.altered()
                #expect(altered.map(\.path) == ["repos/local/\(pin.revision.fileName)"])
                #expect(altered.first?.original == "repository 'local' at \(pin.revision)")
                for copy in altered { try await check.remove(copy) }
                #expect(try await fixture.store.materialize(pin, source: source) == tree)
                #expect(try await check.altered() == [], "\(command)")
            }
        }
    }

    @Test func alteredTreeIsFoundAndRecreated() async throws {
        try await RecordFixture.with { fixture in
            let state = StateDirectory(path: fixture.files.root.appending("state"))
            let cache = TreeCache(state, fixture.repository)
            let commit = try fixture.tupleCommit()
            let tree = try fixture.repository.tree(ofCommit: commit)
            let path = try cache.path(of: tree)
            let entries = try fixture.repository.tree(tree)
            #expect(try ObjectID(ofTree: entries) == tree)
            let found = try DirectoryTree.id(of: path)
            #expect(found == tree)
            let check = CopyCheck(state: state, privileges: .ofTests)
            #expect(try await check.altered() == [])

            let file = path.pushing("etc/portage/make.conf/50-make.conf")
            let original = try #require(try FileContent.read(file))
            try FileContent.write(Array("CFLAGS=poisoned\n".utf8), to: file)
            let altered = try await check.altered()
            #expect(altered == [AlteredCopy(path: "cache/trees/\(tree)", original: "tree \(tree)")])

            let machine = fixture.machine
            let running = BuildID.make()
            let report = try await BuildLife.during(running, in: state) {
                try await Repair(machine: machine).run()
            }
            #expect(report.copies == [])
            #expect(report.obstacles.contains { $0.contains("\(running)") })
            #expect(try await Repair(machine: machine).run().copies == altered)
            #expect(try await check.altered() == [])
            #expect(try cache.path(of: tree) == path)
            #expect(try FileContent.read(file) == original)
        }
    }
}
