import Files
import Git
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// A small site without mistakes; each test changes the part that it tests.
struct SiteFixture {
    enum Content: ExpressibleByStringLiteral {
        case file(String)
        case executable(String)
        case link(String)
        /// A commit of another repository.
        case gitlink

        init(stringLiteral text: String) { self = .file(text) }
    }

    /// The files by branch and path.
    var branches: [String: [String: Content]] = [
        "main": [
            "config/tuples": "a-base-default-web\n",
            "config/cpu/a": "COMMON_FLAGS=\"-O2\"\nCFLAGS=\"${COMMON_FLAGS}\"\n",
            "config/portage/sets/web": "@tools\nwww-servers/nginx\n",
            "config/portage/sets/tools": "app-editors/nano\n",
            "config/portage/sets/unused": "app-misc/unused\n",
            "config/stages": "openrc /srv/stage3.tar.xz\n",
            "config/repos": "gentoo /srv/gentoo\n",
            "config/zentoo.lock": .file(
                "stage openrc sha256:\(digest)\nrepository gentoo sha256:\(digest)\n"),
        ],
        "portage/base": [
            "make.conf": "USE=\"ssl\"\n",
            "make.profile": .link("../../var/db/repos/gentoo/profiles/default"),
            "package.use/web": "www-servers/nginx http2\n",
        ],
        "buildhooks/default": [
            "services": "nginx\n",
            "premerge.d/10-users": .executable("#!/bin/sh\n"),
        ],
    ]

    /// The files of the pinned ebuild repository on this machine; nil if it has
    /// never been fetched.
    var repositoryFiles: [String: String]? = [:]

    static let digest = String(repeating: "5", count: 64)

    /// The content of a file; setting nil removes it.
    subscript(branch: String, path: String) -> Content? {
        get { branches[branch]?[path] }
        set { branches[branch, default: [:]][path] = newValue }
    }

    /// Commits all branches, each on top of its existing commit if there is one.
    func commit(to temporary: TemporaryRepository) throws {
        let repository = try temporary.open()
        for (branch, files) in branches {
            let name = try RefName.branch(branch)
            let parent = try repository.resolve(name)
            let changes = try files.sorted { $0.key < $1.key }.map { path, content in
                try Self.change(TreePath(path), content, repository)
            }
            let tree = try repository.editTree(base: nil, changes)
            if let parent, try repository.commit(parent).tree == tree { continue }
            let commit = try repository.createCommit(
                tree: tree, parents: parent.map { [$0] } ?? [],
                author: TemporaryRepository.signature, message: branch)
            try repository.set(name, to: commit, expecting: .anything)
        }
    }

    private static func change(
        _ path: TreePath, _ content: Content, _ repository: Repository
    ) throws -> TreeChange {
        switch content {
        case .file(let text): .put(path, .file, try repository.writeBlob(text.utf8))
        case .executable(let text): .put(path, .executable, try repository.writeBlob(text.utf8))
        case .link(let target): .put(path, .symlink, try repository.writeBlob(target.utf8))
        case .gitlink: .put(path, .gitlink, try #require(ObjectID(hex: String(digest.prefix(40)))))
        }
    }

    /// Commits the branches to a new repository and opens the site there.
    @discardableResult
    func withSite<Result>(
        named name: String = "main",
        _ body: (_ site: Site, _ repository: TemporaryRepository) async throws -> Result
    ) async throws -> Result {
        try await TemporaryRepository.with { temporary in
            try commit(to: temporary)
            let state = StateDirectory(path: temporary.root.appending("state"))
            if let repositoryFiles {
                let tree = state.path.appending("repos/gentoo/sha256-\(Self.digest)/tree")
                try Directory.create(tree)
                for (path, text) in repositoryFiles {
                    let file = tree.appending(path)
                    try Directory.create(file.removingLastComponent())
                    try FileContent.write(Array(text.utf8), to: file)
                }
            }
            let site = try Site(
                ZentooName(name), in: temporary.open(), remote: nil, state: state)
            return try await body(site, temporary)
        }
    }
}
