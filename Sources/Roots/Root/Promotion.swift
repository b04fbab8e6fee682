internal import Edits
internal import Exec
package import Git
internal import Records
package import Sites
internal import SystemPackage

/// Carries the commits of a root back to the branches they belong to: the
/// portage branch, the buildhooks branch, the site.
///
/// Each branch gets one commit, made by a three-way merge whose base is what
/// the root's tuple commit was composed of; all of them move at once or none.
/// The root is then based on the tuple commit of the new branches, so that
/// nothing is carried back twice.
package struct Promotion {
    let site: Site
    let root: RootBranch
    let git: GitProgram
    let identity: Signature
    let options: PromotionOptions

    private var repository: Repository { site.repository }

    /// Creates a promotion of what is on a root's branch now.
    ///
    /// - Parameter identity: the committer; the authors are kept.
    package init(
        _ root: RootBranch, to site: Site, git: GitProgram, identity: Signature,
        options: PromotionOptions = PromotionOptions()
    ) {
        self.root = root
        self.site = site
        self.git = git
        self.identity = identity
        self.options = options
    }

    /// Performs the promotion, or reports what it would do.
    ///
    /// - Throws: ``ZentooError`` when the root has changes that are not
    ///   committed or belong to no branch, when a tuple could not be composed
    ///   afterwards, or when work trees are in the way; nothing is moved in
    ///   that case.
    package func run() async throws -> PromotionReport {
        let tuple = try site.tuple(of: root.base)
        let promoted = Tuple(
            cpu: tuple.cpu, portage: options.portage ?? tuple.portage,
            buildhooks: tuple.buildhooks, packages: tuple.packages)
        var report = PromotionReport(
            root: root.name.text, site: site.name.text, tuple: promoted.text, status: .nothing)
        let worktrees = try await git.worktreesByBranch(
            gitDirectory: repository.commonDirectory)
        if let place = worktrees[root.shownRef] { try await refuseUncommitted(in: place) }
        guard !root.isUnchanged else { return report }

        let changes = try RootChanges(
            root, newSets: options.newSetsToSite ? .site : .portage, in: repository)
        try changes.requireNoRefusals()
        let merges = try PromotionPart.allCases.filter { changes.changes[$0] != nil }
            .map { try merge(changes, of: $0, into: promoted) }
        report.branches = try merges.map { try describe($0, changes) }
        guard merges.allSatisfy({ $0.tree != nil }) else {
            report.status = .conflicts
            report.hints = try hints(place: worktrees[root.shownRef], tuple)
            return report
        }

        let moves = try commit(merges, changes, &report)
        let seen = try site.replacing(
            Dictionary(uniqueKeysWithValues: moves.map { ($0.merge.branch, $0.commit) }))
        let composed = try compose(promoted, of: seen, changes)
        report.commit = composed.commit
        report.affected = try affected(by: moves.map(\.merge), in: seen, besides: promoted)
        if !seen.declaredTuples.contains(promoted) {
            report.hints = ["declare '\(promoted)' in \(TuplesFile.path) on \(site.shownRef)"]
        }
        report.status = options.dryRun ? .planned : .promoted
        if options.dryRun { return report }

        let head = try repository.createCommit(
            tree: composed.tree, parents: [root.head, composed.commit], author: identity,
            committer: identity, message: "zentoo: root \(root.name) was promoted")
        let refs = try moves.map {
            RefChange(
                try RefName.branch($0.merge.branch), to: $0.commit,
                expecting: $0.merge.local.map { .value($0) } ?? .absent)
        }
        let own = RefChange(
            try RootBranch.reference(of: root.name), to: head, expecting: .value(root.head))
        try await BranchMover(repository: repository, git: git, worktrees: worktrees)
            .move(refs + [own], message: "zentoo: promote root \(root.name)")
        try await followUpstream(moves.map(\.merge))
        return report
    }

    // MARK: Steps

    private func refuseUncommitted(in place: FilePath) async throws {
        guard try await !git.hasChanges(in: place) else {
            throw ZentooError(
                .busy, "root '\(root.name)' has changes that are not committed",
                hints: ["git -C \(place) add --all", "git -C \(place) commit"])
        }
    }

    private func merge(
        _ changes: RootChanges, of part: PromotionPart, into tuple: Tuple
    ) throws -> PromotionMerge {
        let branch =
            switch part {
            case .portage: BranchKind.portage.branch(tuple.portage)
            case .buildhooks: BranchKind.buildhooks.branch(tuple.buildhooks)
            case .site: site.name.text
            }
        let found = try site.branches.find(branch)
        let reference = try RefName.branch(branch)
        let local = try repository.resolve(reference)
        if local == nil, let found { try site.branches.refuseUnborn(reference, found) }
        let origin = changes.origin(of: part)
        // A new branch starts from the commit that the root started from.
        let parent = found?.commit ?? origin
        return PromotionMerge(
            part: part, branch: branch, found: found, local: local, parent: parent,
            result: try repository.mergeTrees(
                base: repository.commit(origin).tree, ours: repository.commit(parent).tree,
                theirs: changes.tree(of: part)))
    }

    private func describe(
        _ merge: PromotionMerge, _ changes: RootChanges
    ) throws -> PromotionReport.Branch {
        let origin = try repository.commit(changes.origin(of: merge.part)).tree
        let before = try merge.tree == nil ? origin : repository.commit(merge.parent).tree
        let after = try merge.tree ?? changes.tree(of: merge.part)
        return PromotionReport.Branch(
            part: merge.part, name: merge.branch, isNew: merge.local == nil,
            changes: try repository.diffTrees(before, after).map { PathChange($0) },
            conflicts: merge.conflicts)
    }

    /// Creates the commits; none for a branch that already has the content.
    private func commit(
        _ merges: [PromotionMerge], _ changes: RootChanges, _ report: inout PromotionReport
    ) throws -> [(merge: PromotionMerge, commit: ObjectID)] {
        var moves: [(merge: PromotionMerge, commit: ObjectID)] = []
        for (index, merge) in merges.enumerated() {
            guard let tree = merge.tree, try repository.commit(merge.parent).tree != tree
            else { continue }
            let message = PromotionMessage(
                try changes.commits(touching: merge.part), of: root.name,
                message: options.message, identity: identity)
            let commit = try repository.createCommit(
                tree: tree, parents: [merge.parent], author: message.author,
                committer: identity, message: message.text)
            report.branches[index].commit = commit
            report.branches[index].subject = message.subject
            moves.append((merge, commit))
        }
        return moves
    }

    private func compose(
        _ tuple: Tuple, of seen: Site, _ changes: RootChanges
    ) throws -> TupleCommit {
        do {
            return try TupleComposer(seen).compose(tuple)
        } catch let error as ZentooError where error.code == .mistakes {
            throw ZentooError(
                .mistakes, "root '\(root.name)' cannot be promoted: '\(tuple)' would be wrong",
                hints: ["mend it in the root and commit it there"],
                mistakes: try changes.placed(error.mistakes, in: seen, tuple))
        }
    }

    /// Returns the other tuples whose composition changes.
    ///
    /// - Throws: ``ZentooError`` when a tuple that could be composed no longer
    ///   could.
    private func affected(
        by merges: [PromotionMerge], in seen: Site, besides promoted: Tuple
    ) throws -> [String] {
        let parts = Set(merges.map(\.part))
        var found: [String] = []
        for tuple in site.declaredTuples where tuple != promoted {
            let isNear =
                parts.contains(.site)
                || parts.contains(.portage) && tuple.portage == promoted.portage
                || parts.contains(.buildhooks) && tuple.buildhooks == promoted.buildhooks
            guard isNear, let before = try? TupleComposer(site).compose(tuple) else { continue }
            do {
                let after = try TupleComposer(seen).compose(tuple)
                if after.tree != before.tree { found.append(tuple.text) }
            } catch let error as ZentooError where error.code == .mistakes {
                throw ZentooError(
                    .mistakes,
                    "root '\(root.name)' cannot be promoted: '\(tuple)' would be wrong",
                    hints: ["promote to a branch of its own with '--portage NAME'"],
                    mistakes: error.mistakes)
            }
        }
        return found
    }

    /// Sets the upstream of a branch that only the remote had, as `git switch`
    /// does.
    private func followUpstream(_ merges: [PromotionMerge]) async throws {
        for merge in merges where merge.local == nil {
            guard let found = merge.found else { continue }
            try await git.run(
                ["branch", "--quiet", "--set-upstream-to=\(found.shown)", merge.branch],
                gitDirectory: repository.commonDirectory)
        }
    }

    /// Returns the commands that resolve a conflict: the root's commits are
    /// rebased onto the current tuple commit, where git can show both sides in
    /// the files.
    private func hints(place: FilePath?, _ tuple: Tuple) throws -> [String] {
        try RootUpdate.conflictHints(
            root, onto: TupleComposer(site).compose(tuple).commit, place: place)
            + ["git zentoo root promote \(root.name)"]
    }
}
