internal import CGit2

extension Repository {
    /// Returns the commits reachable from `starts` and not from `excluded`,
    /// children before parents and newer before older.
    ///
    /// - Parameters:
    ///   - starts: the commits to start from.
    ///   - excluded: commits that are left out with their ancestors.
    ///   - path: if given, only commits that change this path; a merge only if
    ///     it differs there from all parents.
    ///   - limit: the maximum number of commits.
    /// - Throws: ``GitError``: `unsupported` when history was cut off by a
    ///   shallow clone, `notFound` when a start does not exist.
    public func commits(
        reachableFrom starts: [ObjectID], excluding excluded: [ObjectID] = [],
        touching path: TreePath? = nil, limit: Int = .max
    ) throws -> [Commit] {
        let action = "cannot walk history"
        var found: [Commit] = []
        try withHandle(
            action, freedBy: git_revwalk_free, { git_revwalk_new(&$0, pointer) },
            { walk in
                let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
                try check(git_revwalk_sorting(walk, order), action)
                for start in starts {
                    var id = start.raw
                    try checkHistory(git_revwalk_push(walk, &id), "\(action) of '\(start)'")
                }
                for start in excluded {
                    var id = start.raw
                    try checkHistory(git_revwalk_hide(walk, &id), "\(action) of '\(start)'")
                }
                while found.count < limit {
                    var id = git_oid()
                    let status = git_revwalk_next(&id, walk)
                    guard status != GIT_ITEROVER.rawValue else { break }
                    try checkHistory(status, action)
                    let commit = try commit(ObjectID(id))
                    if let path, try !changes(commit, path) { continue }
                    found.append(commit)
                }
            })
        return found
    }

    /// Returns the best common ancestor of two commits; `nil` when their
    /// histories are unrelated.
    ///
    /// - Throws: ``GitError``.
    public func mergeBase(_ one: ObjectID, _ other: ObjectID) throws -> ObjectID? {
        var base = git_oid()
        var (first, second) = (one.raw, other.raw)
        let status = git_merge_base(&base, pointer, &first, &second)
        if status == GIT_ENOTFOUND.rawValue {
            git_error_clear()
            // libgit2 returns the same code for a commit that does not exist.
            for id in [one, other] where try kind(of: id) != .commit {
                throw GitError(.notFound, "commit '\(id)' not found")
            }
            return nil
        }
        try checkHistory(status, "cannot compare '\(one)' and '\(other)'")
        return ObjectID(base)
    }

    /// Returns whether `ancestor` is reachable from `descendant`; each commit
    /// is its own ancestor, as for `git merge-base --is-ancestor`.
    ///
    /// - Throws: ``GitError``.
    public func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws -> Bool {
        if ancestor == descendant { return true }
        var (first, second) = (descendant.raw, ancestor.raw)
        let status = git_graph_descendant_of(pointer, &first, &second)
        return try checkHistory(status, "cannot compare '\(ancestor)' and '\(descendant)'") == 1
    }

    /// Returns the number of commits that each of two commits has and the other
    /// lacks.
    ///
    /// - Throws: ``GitError``.
    public func divergence(
        of one: ObjectID, from other: ObjectID
    ) throws -> (ahead: Int, behind: Int) {
        if one == other { return (0, 0) }
        var (ahead, behind) = (0, 0)
        var (first, second) = (one.raw, other.raw)
        try checkHistory(
            git_graph_ahead_behind(&ahead, &behind, pointer, &first, &second),
            "cannot compare '\(one)' and '\(other)'")
        return (ahead, behind)
    }

    private func changes(_ commit: Commit, _ path: TreePath) throws -> Bool {
        let now = try entry(in: commit.tree, path)
        let before = try commit.parents.map { try entry(in: tree(ofCommit: $0), path) }
        return before.isEmpty ? now != nil : !before.contains(now)
    }

    @discardableResult
    private func checkHistory(
        _ status: Int32, _ action: @autoclosure () -> String
    ) throws -> Int32 {
        if status == GIT_ENOTFOUND.rawValue, isShallow {
            git_error_clear()
            throw GitError(
                .unsupported, "\(action()): history was cut off when it was cloned",
                hints: ["git fetch --unshallow"])
        }
        return try check(status, action())
    }
}
