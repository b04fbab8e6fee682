internal import Edits
package import Git
internal import Records
package import Sites
internal import SystemPackage

/// Updates a root to its tuple as it is composed now, keeping the root's
/// commits.
package struct RootUpdate {
    let site: Site
    let root: RootBranch
    let git: GitProgram
    let identity: Signature

    private var repository: Repository { site.repository }

    /// Creates an update of a root in its current state.
    package init(_ root: RootBranch, from site: Site, git: GitProgram, identity: Signature) {
        self.root = root
        self.site = site
        self.git = git
        self.identity = identity
    }

    /// Performs the update. Uncommitted changes in the work tree are kept; when
    /// they are in the way, nothing is moved.
    ///
    /// - Throws: ``ZentooError`` when the tuple cannot be composed, or changes
    ///   in the work tree are in the way.
    package func run() async throws -> RootUpdateReport {
        let composed = try TupleComposer(site).compose(site.tuple(of: root.base))
        var report = RootUpdateReport(
            root: root.name.text, tuple: composed.tuple.text, status: .upToDate,
            old: root.base.commit, new: composed.commit)
        guard composed.commit != root.base.commit else { return report }
        report.changes = try repository.diffTrees(root.base.tree, composed.tree).map {
            PathChange($0)
        }
        let worktrees = try await git.worktreesByBranch(
            gitDirectory: repository.commonDirectory)
        let head: ObjectID
        if root.head == root.base.commit {
            head = composed.commit
            report.status = .moved
        } else {
            switch try repository.mergeTrees(
                base: root.base.tree, ours: root.tree, theirs: composed.tree)
            {
            case .merged(let tree):
                head = try repository.createCommit(
                    tree: tree, parents: [root.head, composed.commit], author: identity,
                    committer: identity,
                    message: "zentoo: merge tuple \(composed.tuple) into \(root.shownRef)")
                report.status = .merged
            case .conflicts(let paths):
                report.status = .conflicts
                report.conflicts = paths.map(\.description)
                report.hints = Self.conflictHints(
                    root, onto: composed.commit, place: worktrees[root.shownRef])
                return report
            }
        }
        try await BranchMover(repository: repository, git: git, worktrees: worktrees).move(
            [
                RefChange(
                    try RootBranch.reference(of: root.name), to: head,
                    expecting: .value(root.head))
            ], message: "zentoo: update root \(root.name)")
        return report
    }

    /// Returns the command that resolves conflicts: it rebases the root's
    /// commits onto the new tuple commit. `git merge` would not work, because
    /// it would start from the branches, where the files have other paths.
    ///
    /// - Parameter place: the root's work tree.
    static func conflictHints(
        _ root: RootBranch, onto commit: ObjectID, place: FilePath?
    ) -> [String] {
        let (new, start) = (commit.description.prefix(12), root.start.description.prefix(12))
        return [
            place.map { "git -C \($0) rebase --onto \(new) \(start)" }
                ?? "git rebase --onto \(new) \(start) \(root.shownRef)"
        ]
    }
}
