import Git
@testable import Server
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// A repository that receives pushes, with the site of ``SiteFixture`` in it.
struct PushFixture {
    let temporary: TemporaryRepository
    var site: SiteFixture
    let state: StateDirectory
    let sites: [ZentooName]

    /// Runs `body` with a new fixture.
    static func with<Result>(
        _ site: SiteFixture = SiteFixture(), sites: [String] = ["main"],
        _ body: (inout PushFixture) async throws -> Result
    ) async throws -> Result {
        try await TemporaryRepository.with(bare: true) { temporary in
            try site.commit(to: temporary)
            var fixture = PushFixture(
                temporary: temporary, site: site,
                state: StateDirectory(path: temporary.root.appending("state")),
                sites: try sites.map { try ZentooName($0) })
            return try await body(&fixture)
        }
    }

    func heads() throws -> [RefName: ObjectID] {
        Dictionary(
            uniqueKeysWithValues: try temporary.open().references(under: "refs/heads/")
                .map { ($0.name, $0.id) })
    }

    /// Returns a push that sets the branches to those of `site`; its objects are
    /// stored, its references are not moved.
    func push() throws -> Push {
        let old = try heads()
        let repository = try temporary.open()
        try site.commit(to: temporary)
        let made = try heads()
        for (name, id) in made where old[name] != id {
            if let before = old[name] {
                try repository.set(name, to: before, expecting: .anything)
            } else {
                try repository.delete(name)
            }
        }
        let lines = made.filter { old[$0.key] != $0.value }.sorted { $0.key < $1.key }
            .map { "\(old[$0.key] ?? .zero) \($0.value) \($0.key)\n" }
        return try Push(Array(lines.joined().utf8))
    }

    /// Applies a push, as git does between the hooks.
    func accept(_ push: Push) throws {
        let repository = try temporary.open()
        for change in push.changes {
            let new = try #require(change.new)
            try repository.set(RefName(change.name), to: new, expecting: .anything)
        }
    }

    func feeder() throws -> QueueFeeder {
        QueueFeeder(try temporary.open(), sites: sites, state: state)
    }

    func queue() throws -> BuildQueue { BuildQueue(try temporary.open()) }
}
