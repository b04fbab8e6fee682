package import Git

/// `root/<name>`: a tuple commit, and what somebody has committed on it.
///
/// Which tuple commit it stands on is nowhere written down but in its history:
/// it is the first that is met when one follows first parents from the head, as
/// a commit or as what a merge brought in. So git's own tools may be used on
/// the branch, `git rebase --onto` another tuple commit among them.
package struct RootBranch: Sendable, Hashable {
    /// What all their names begin with.
    package static let prefix = "root"

    /// The root's name.
    package let name: ZentooName
    /// The branch's commit.
    package let head: ObjectID
    /// Its tree.
    package let tree: ObjectID
    /// The tuple commit it stands on.
    package let base: RootBase
    /// What was committed here and is in no tuple commit below, newest first;
    /// merges of newer tuple commits are not among it.
    package let commits: [Commit]
    /// What the oldest of them was made on.
    package let start: ObjectID

    /// Whether the root says what its tuple commit says.
    package var isUnchanged: Bool { tree == base.tree }

    /// The branch of a root.
    package static func reference(of name: ZentooName) throws -> RefName {
        try RefName.branch("\(prefix)/\(name)")
    }

    /// The branch as git shows it.
    package var shownRef: String { "\(Self.prefix)/\(name)" }

    /// The names of the roots there are, sorted.
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
    /// - Throws: ``ZentooError`` when there is none, or it stands on no tuple
    ///   commit; `GitError`.
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
        // Below a merge that left the root as its tuple commit is, all that
        // was ever committed is in that tuple commit.
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

    /// Finds the site that the root was taken from: of the candidates the only
    /// one with the tuple commit's site commit in its history.
    ///
    /// - Parameters:
    ///   - sites: the repository's sites.
    ///   - preferred: the one that is meant when it could be several, or none.
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
