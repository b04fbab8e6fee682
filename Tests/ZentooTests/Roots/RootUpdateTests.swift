import Git
@testable import Records
@testable import Roots
@testable import Sites
import TestSupport
import Testing

@Suite struct RootUpdateTests {
    private func update(_ fixture: RootFixture) async throws -> RootUpdateReport {
        try await RootUpdate(
            fixture.root(), from: fixture.site(), git: fixture.repository.git,
            identity: TemporaryRepository.signature
        ).run()
    }

    @Test func unchangedRootMovesToNewTupleCommit() async throws {
        try await RootFixture.with { fixture in
            #expect(try await update(fixture).status == .upToDate)
            try fixture.commit(["services": "nginx boot\n"], on: "buildhooks/default")
            let report = try await update(fixture)
            #expect(report.status == .moved)
            #expect(report.changes.map(\.path) == ["buildhooks/services"])
            #expect(try fixture.root().head == report.new)
            #expect(try await update(fixture).status == .upToDate)
        }
    }

    @Test func commitsAreMerged() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit(["etc/portage/package.use/a": "x/a b\n"], message: "one")
            try fixture.commit(["README": "words\n"], on: "main")
            let report = try await update(fixture)
            #expect(report.status == .merged)
            let root = try fixture.root()
            #expect(root.base.commit == report.new)
            #expect(root.commits.map(\.subject) == ["one"])
            #expect(try fixture.text("etc/portage/package.use/a", on: "root/desk") == "x/a b\n")
        }
    }

    @Test func conflictMovesNothing() async throws {
        try await RootFixture.with { fixture in
            try fixture.commit(["etc/portage/make.conf/50-make.conf": "USE=\"mine\"\n"])
            try fixture.commit(["make.conf": "USE=\"theirs\"\n"], on: "portage/base")
            let head = try fixture.root().head
            let report = try await update(fixture)
            #expect(report.status == .conflicts)
            #expect(report.conflicts == ["etc/portage/make.conf/50-make.conf"])
            #expect(try fixture.root().head == head)
            #expect(report.hints.count == 1)
        }
    }
}
