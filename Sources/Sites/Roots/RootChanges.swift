package import Git

/// The differences of a root from its tuple commit, divided by branch.
package struct RootChanges {
    let root: RootBranch
    let mapping: RootMapping
    /// The changes of each branch, relative to the commit that the tuple commit
    /// was composed from.
    package private(set) var changes: [PromotionPart: [TreeChange]] = [:]
    /// The changes that belong to no branch or are impossible there.
    private(set) var refusals: [Mistake] = []

    private let repository: Repository

    /// Reads the changes of a root.
    ///
    /// - Parameters:
    ///   - root: the root.
    ///   - newSets: the branch that gets a set which neither branch has.
    package init(
        _ root: RootBranch, newSets: PromotionPart = .portage, in repository: Repository
    ) throws {
        self.root = root
        self.repository = repository
        mapping = try RootMapping(root.base, tree: root.tree, newSets: newSets, in: repository)
        for delta in try repository.diffTrees(root.base.tree, root.tree) {
            do {
                try add(delta, to: mapping.target(of: delta.path))
            } catch let error as NoPlace {
                refusals.append(
                    Mistake(
                        ref: root.shownRef, file: delta.path.description, message: error.message,
                        hint: error.hint))
            }
        }
    }

    /// Returns the commit of a branch that the tuple commit was composed from.
    package func origin(of part: PromotionPart) -> ObjectID {
        switch part {
        case .portage: root.base.portage
        case .buildhooks: root.base.buildhooks
        case .site: root.base.site
        }
    }

    /// Returns the tree of that commit with the root's changes.
    package func tree(of part: PromotionPart) throws -> ObjectID {
        try repository.editTree(
            base: repository.commit(origin(of: part)).tree, changes[part] ?? [])
    }

    /// Returns the commits of the root that changed files of a branch, newest
    /// first.
    package func commits(touching part: PromotionPart) throws -> [Commit] {
        try root.commits.filter { commit in
            let before = try commit.parents.first.map { try repository.commit($0).tree }
            return try repository.diffTrees(before, commit.tree).contains {
                (try? mapping.target(of: $0.path).part) == part
            }
        }
    }

    /// Checks that all changes belong to branches.
    ///
    /// - Throws: ``ZentooError`` with all that do not.
    package func requireNoRefusals() throws {
        guard refusals.isEmpty else {
            throw ZentooError(
                .unsupported, "root '\(root.name)' changes what belongs to no branch",
                mistakes: refusals)
        }
    }

    /// Returns the head of the root's branch as a tuple commit to be built. It
    /// must obey the same rules as the branches it was composed from.
    ///
    /// - Throws: ``ZentooError`` with all its mistakes.
    package func tupleCommit(of site: Site) throws -> TupleCommit {
        try requireNoRefusals()
        let tuple = try site.tuple(of: root.base)
        let branches: [PromotionPart: String] = [
            .portage: BranchKind.portage.branch(tuple.portage),
            .buildhooks: BranchKind.buildhooks.branch(tuple.buildhooks), .site: site.name.text,
        ]
        var commits: [String: ObjectID] = [:]
        for (part, branch) in branches {
            let origin = try repository.commit(origin(of: part))
            // Created only for the check; the same root creates the same commit
            // again.
            commits[branch] = try repository.createCommit(
                tree: tree(of: part), parents: [origin.id], author: origin.committer,
                message: root.shownRef)
        }
        let seen = try site.replacing(commits)
        let mistakes = try TupleInputs(tuple, of: seen).mistakes
        guard mistakes.isEmpty else {
            throw ZentooError(
                .mistakes, "root '\(root.name)' cannot be built",
                hints: ["mend it in the root and commit it there"],
                mistakes: try placed(mistakes, in: seen, tuple))
        }
        return try TupleCommit(reading: root.head, tuple: tuple, in: repository)
    }

    /// Returns the mistakes with their places in the root, if the files were
    /// changed there.
    ///
    /// - Parameter seen: the site in which the mistakes were found.
    package func placed(_ mistakes: [Mistake], in seen: Site, _ tuple: Tuple) throws -> [Mistake] {
        let parts: [String?: PromotionPart] = [
            try seen.portage(tuple.portage).shownRef: .portage,
            try seen.buildhooks(tuple.buildhooks).shownRef: .buildhooks,
            seen.shownRef: .site,
        ]
        return mistakes.map { mistake in
            let path = TreePath(mistake.file)
            guard let part = parts[mistake.ref],
                changes[part]?.contains(where: { $0.path == path }) == true,
                let place = mapping.place(of: RootMapping.Target(part: part, path: path))
            else { return mistake }
            var mistake = mistake
            mistake.ref = root.shownRef
            mistake.file = place.description
            return mistake
        }
    }

    private mutating func add(_ delta: TreeDelta, to target: RootMapping.Target) throws {
        let there = try repository.entry(
            in: repository.commit(origin(of: target.part)).tree, target.path)
        guard let new = delta.new else {
            if target.part == .site, delta.path.isWithin(RootBase.makeConfPath) {
                throw NoPlace(
                    "a tuple has its cpu", "restore it, or make a root of another tuple")
            }
            changes[target.part, default: []].append(.remove(target.path))
            return
        }
        guard target.part != .site || new.mode == .file || new.mode == .executable else {
            throw NoPlace("it must be a file", "put the content there instead of a link")
        }
        if delta.old == nil, let there {
            if there.id == new.id { return }
            throw NoPlace(
                "\(target.part.shown) has a '\(target.path)' already, which is not in the tuple",
                "choose another name, or begin with what is there: "
                    + "'git show \(origin(of: target.part).description.prefix(12)):\(target.path)'")
        }
        // Composing removes the x bit of a site's file, so that is not a
        // change.
        let mode = target.part == .site ? there?.mode ?? new.mode : new.mode
        changes[target.part, default: []].append(.put(target.path, mode, new.id))
    }
}
