internal import CGit2

/// The result of merging two trees.
public enum MergeResult: Sendable, Hashable {
    /// A tree with the changes of both sides.
    case merged(ObjectID)
    /// The paths that both sides changed differently; sorted.
    case conflicts([TreePath])
}

extension Repository {
    /// Merges the changes from `base` to `ours` and from `base` to `theirs`, as
    /// `git merge` would, line by line where both changed a file; only objects
    /// are written.
    ///
    /// - Parameters:
    ///   - base: a tree; `nil` for one without entries.
    ///   - ours: a tree.
    ///   - theirs: a tree.
    /// - Throws: ``GitError``.
    public func mergeTrees(
        base: ObjectID?, ours: ObjectID, theirs: ObjectID
    ) throws -> MergeResult {
        let action = "cannot merge trees"
        let trees = [try stored(base), try stored(ours), try stored(theirs)]
        var options = git_merge_options()
        try check(
            git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION)), action)
        return try withObject(trees[0], .tree) { base in
            try withObject(trees[1], .tree) { ours in
                try withObject(trees[2], .tree) { theirs in
                    try withHandle(
                        action, freedBy: git_index_free,
                        { git_merge_trees(&$0, pointer, base, ours, theirs, &options) },
                        { index in
                            if git_index_has_conflicts(index) == 1 {
                                return .conflicts(try conflicts(in: index))
                            }
                            var id = git_oid()
                            try check(git_index_write_tree_to(&id, index, pointer), action)
                            return .merged(ObjectID(id))
                        })
                }
            }
        }
    }

    /// Returns a tree that exists as an object, which a lookup needs even for
    /// the tree without entries.
    private func stored(_ tree: ObjectID?) throws -> ObjectID {
        guard let tree, tree != .emptyTree else { return try writeTree([]) }
        return tree
    }

    private func conflicts(in index: OpaquePointer) throws -> [TreePath] {
        let action = "cannot read the conflicts of a merge"
        var paths: Set<TreePath> = []
        try withHandle(
            action, freedBy: git_index_conflict_iterator_free,
            { git_index_conflict_iterator_new(&$0, index) },
            { iterator in
                while true {
                    var base: UnsafePointer<git_index_entry>?
                    var ours: UnsafePointer<git_index_entry>?
                    var theirs: UnsafePointer<git_index_entry>?
                    let status = git_index_conflict_next(&base, &ours, &theirs, iterator)
                    guard status != GIT_ITEROVER.rawValue else { break }
                    try check(status, action)
                    for side in [base, ours, theirs] {
                        if let path = side?.pointee.path {
                            paths.insert(TreePath(bytes: bytes(of: path)))
                        }
                    }
                }
            })
        return paths.sorted()
    }
}
