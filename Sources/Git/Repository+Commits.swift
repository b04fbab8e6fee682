internal import CGit2

extension Repository {
    /// Returns the content of a commit.
    ///
    /// - Throws: ``GitError``, `notFound` also when it is not a commit.
    public func commit(_ id: ObjectID) throws -> Commit {
        try withObject(id, .commit) { try Commit($0, id) }
    }

    /// Returns the commit that `id` is or that a tag points to.
    ///
    /// - Throws: ``GitError``.
    public func peelToCommit(_ id: ObjectID) throws -> ObjectID {
        try peel(id, to: .commit)
    }

    /// Returns the tree of a commit, or of the commit that a tag points to.
    ///
    /// - Throws: ``GitError``.
    public func tree(ofCommit id: ObjectID) throws -> ObjectID {
        try peel(id, to: .tree)
    }

    /// Stores a commit; no reference moves.
    ///
    /// The same arguments give the same commit in every repository, and the
    /// same as `git commit-tree`: a parent named twice counts once, and the
    /// message ends in a newline.
    ///
    /// - Returns: the commit's id.
    /// - Throws: ``GitError``, also when the tree or a parent does not exist.
    public func createCommit(
        tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature? = nil,
        message: String
    ) throws -> ObjectID {
        var seen: Set<ObjectID> = []
        var treeID = tree.raw
        let message = message.hasSuffix("\n") ? message : message + "\n"
        let raw = parents.filter { seen.insert($0).inserted }.map(\.raw)
        var id = git_oid()
        try author.withRaw { author in
            try (committer ?? Signature(author)).withRaw { committer in
                try raw.withUnsafeBufferPointer { raw in
                    var pointers = raw.indices.map { raw.baseAddress?.advanced(by: $0) }
                    try check(
                        git_commit_create_from_ids(
                            &id, pointer, nil, author, committer, nil, message, &treeID,
                            raw.count, &pointers),
                        "cannot write commit")
                }
            }
        }
        return ObjectID(id)
    }
}
