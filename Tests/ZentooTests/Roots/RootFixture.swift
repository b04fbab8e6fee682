import Git
@testable import Sites
import TestSupport
import Testing

/// A root on the tuple of a small site, and changes to it.
struct RootFixture {
    let repository: TemporaryRepository
    let name: ZentooName
    /// The tuple commit at which the root was created.
    let first: TupleCommit

    static let tuple = "a-base-default-web"

    /// Runs `body` with the root `desk` at the tuple commit of the fixture.
    static func with(
        _ fixture: SiteFixture = SiteFixture(), _ body: (RootFixture) async throws -> Void
    ) async throws {
        try await fixture.withSite { site, repository in
            let composed = try TupleComposer(site).compose(site.tuple(named: tuple))
            let name = try ZentooName("desk")
            try repository.open().set(
                RootBranch.reference(of: name), to: composed.commit, expecting: .absent)
            try await body(
                RootFixture(repository: repository, name: name, first: composed))
        }
    }

    /// Returns the site as it is now.
    func site(remote: String? = nil) throws -> Site {
        try Site(ZentooName("main"), in: repository.open(), remote: remote)
    }

    /// Returns the root as it is now.
    func root() throws -> RootBranch { try RootBranch(name, in: repository.open()) }

    /// Commits to a branch, by default the root's, with any author.
    @discardableResult
    func commit(
        _ files: [String: String?], on branch: String = "root/desk", message: String = "work",
        merging other: ObjectID? = nil, as author: Signature = TemporaryRepository.signature
    ) throws -> ObjectID {
        let repository = try repository.open()
        let reference = try RefName.branch(branch)
        let head = try #require(try repository.resolve(reference))
        let changes = try files.sorted { $0.key < $1.key }.map { path, content in
            try content.map { .put(TreePath(path), .file, try repository.writeBlob($0.utf8)) }
                ?? TreeChange.remove(TreePath(path))
        }
        let base = try repository.commit(other ?? head).tree
        let commit = try repository.createCommit(
            tree: repository.editTree(base: base, changes),
            parents: [head] + (other.map { [$0] } ?? []),
            author: author, committer: TemporaryRepository.signature, message: message)
        try repository.set(reference, to: commit, expecting: .value(head))
        return commit
    }

    /// Returns the text of a file, or nil if it does not exist.
    func text(_ path: String, on branch: String) throws -> String? {
        let repository = try repository.open()
        let head = try #require(try repository.resolve(RefName.branch(branch)))
        return try repository.blob(in: repository.commit(head).tree, TreePath(path))
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
