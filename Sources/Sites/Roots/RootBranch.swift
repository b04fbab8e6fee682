package import Git

/// `root/<name>`: a tuple commit, and the commits made on top of it.
///
/// Only the history records which tuple commit it is based on: the first one
/// found when first parents are followed from the head, either as a commit or
/// as one that was merged. Git's own tools can therefore be used on the branch,
/// including `git rebase --onto` another tuple commit.
package struct RootBranch: Sendable, Hashable {
    /// The prefix of the branch names.
    package static let prefix = "root"

    /// The root's name.
    package let name: ZentooName
    /// The branch's commit.
    package let head: ObjectID
    /// Its tree.
    package let tree: ObjectID
    /// The tuple commit that it is based on.
    package let base: RootBase
    /// The commits made on the branch that are in no tuple commit below, newest
    /// first, without merges of newer tuple commits.
    package let commits: [Commit]
    /// The commit that the oldest of them was made on.
    package let start: ObjectID

    /// Whether the root's content is that of its tuple commit.
    package var isUnchanged: Bool { tree == base.tree }

    /// Returns the reference of a root's branch.
    package static func reference(of name: ZentooName) throws -> RefName {
        try RefName.branch("\(prefix)/\(name)")
    }

    /// The branch as git shows it.
    package var shownRef: String { "\(Self.prefix)/\(name)" }

    /// Returns the names of the existing roots, sorted.
    ///
    /// - Throws: `GitError`.
    package static func names(in repository: Repository) throws -> [ZentooName] {
        let space = "refs/heads/\(prefix)/"
        return try repository.references(under: space)
            .compactMap { $0.name.suffix(after: space).flatMap { try? ZentooName($0) } }
            .sorted()
    }

    /// Reads the branch of a root.
    ///
    /// - Throws: ``ZentooError`` if it does not exist or is not based on a
    ///   tuple commit; `GitError`.
    package init(_ name: ZentooName, in repository: Repository) throws {
        guard let head = try repository.resolve(Self.reference(of: name)) else {
            let known = try Self.names(in: repository)
            throw ZentooError(
                .notFound, "root '\(name)' not found",
                hints: [
                    known.isEmpty
                        ? "make it with 'git zentoo new-root \(name) TUPLE'"
                        : Site.known("root", known)
                ])
        }
        var own: [Commit] = []
        var start = head
        var base: RootBase?
        // A merge whose tree is that of the merged tuple commit ends the
        // search: that tuple commit contains everything committed before.
        var isLast = false
        var next: ObjectID? = head
        while !isLast, let id = next {
            let commit = try repository.commit(id)
            start = id
            next = commit.parents.first
            if let found = try RootBase(reading: commit, in: repository) {
                base = base ?? found
                isLast = true
            } else if let merged = try RootBase(mergedBy: commit, in: repository) {
                base = base ?? merged
                isLast = commit.tree == merged.tree
            } else {
                own.append(commit)
            }
        }
        guard let base else {
            throw ZentooError(
                .damaged, "branch '\(Self.prefix)/\(name)' stands on no tuple commit",
                hints: [
                    "look for an amended or squashed one: "
                        + "'git log --first-parent \(Self.prefix)/\(name)'",
                    "make a new root with 'git zentoo new-root NAME TUPLE' and "
                        + "'git cherry-pick' the commits there",
                ])
        }
        self.name = name
        self.head = head
        tree = try repository.commit(head).tree
        self.base = base
        commits = own
        self.start = start
    }

    /// Returns the site that the root was created from: the only candidate
    /// whose history contains the tuple commit's site commit.
    ///
    /// - Parameters:
    ///   - sites: the repository's sites.
    ///   - preferred: the site to return if there are several candidates or
    ///     none.
    ///   - remote: the remote whose branches are used when there is no local
    ///     one.
    /// - Throws: `GitError`.
    package func site(
        among sites: [ZentooName], preferred: ZentooName, remote: String?,
        in repository: Repository
    ) throws -> ZentooName {
        let finder = BranchFinder(repository: repository, remote: remote)
        let holding = try sites.filter { site in
            guard let branch = try finder.find(site.text) else { return false }
            return try repository.isAncestor(base.site, of: branch.commit)
        }
        return holding.count == 1 ? holding[0] : preferred
    }
}
