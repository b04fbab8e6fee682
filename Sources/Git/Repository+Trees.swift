internal import CGit2

extension Repository {
    /// Returns the entries of a tree, in git's order.
    ///
    /// - Throws: ``GitError``.
    public func tree(_ id: ObjectID) throws -> [TreeEntry] {
        guard id != .emptyTree else { return [] }
        return try withObject(id, .tree) { tree in
            try (0..<git_tree_entrycount(tree)).map { index in
                guard let entry = git_tree_entry_byindex(tree, index) else {
                    throw GitError(.other(-1), "cannot read tree '\(id)'")
                }
                return try TreeEntry(entry)
            }
        }
    }

    /// Calls `body` with the names in a tree, the last one first, until it
    /// returns false, so that only the names that are needed are read.
    ///
    /// - Throws: ``GitError``, and what `body` throws.
    public func eachNameFromEnd(
        of id: ObjectID, _ body: (_ name: [UInt8]) throws -> Bool
    ) throws {
        guard id != .emptyTree else { return }
        try withObject(id, .tree) { tree in
            for index in (0..<git_tree_entrycount(tree)).reversed() {
                guard
                    let name = git_tree_entry_byindex(tree, index).flatMap({
                        git_tree_entry_name($0)
                    })
                else { throw GitError(.other(-1), "cannot read tree '\(id)'") }
                guard try body(bytes(of: name)) else { return }
            }
        }
    }

    /// Returns the entry at `path` below `tree`; `nil` when there is none.
    ///
    /// - Throws: ``GitError``.
    public func entry(in tree: ObjectID, _ path: TreePath) throws -> TreeEntry? {
        guard tree != .emptyTree, !path.bytes.isEmpty else { return nil }
        return try withObject(tree, .tree) { tree in
            var entry: OpaquePointer?
            let status = try withCString(path.bytes) {
                git_tree_entry_bypath(&entry, tree, $0)
            }
            if status == GIT_ENOTFOUND.rawValue {
                git_error_clear()
                return nil
            }
            try check(status, "cannot read '\(path)'")
            guard let entry else { return nil }
            defer { git_tree_entry_free(entry) }
            return try TreeEntry(entry)
        }
    }

    /// Stores a tree of these entries, in any order.
    ///
    /// A subtree without entries is left out, as git leaves out directories
    /// without files.
    ///
    /// - Returns: the tree's id.
    /// - Throws: ``GitError``: `invalidName` for a duplicate name or one git
    ///   refuses, `notFound` for an object that does not exist.
    public func writeTree(_ entries: [TreeEntry]) throws -> ObjectID {
        var names: Set<[UInt8]> = []
        return try withTreeBuilder(nil) { builder in
            for entry in entries where entry.id != .emptyTree {
                guard names.insert(entry.name).inserted else {
                    throw GitError(.invalidName, "'\(entry.text)' is twice in one tree")
                }
                try insert(entry, into: builder)
            }
            return try write(builder)
        }
    }

    /// Calls `body` with a builder that holds the entries of `base`; those are
    /// not checked again, which keeps a change in a large tree cheap.
    func withTreeBuilder<Result>(
        _ base: ObjectID?, _ body: (OpaquePointer) throws -> Result
    ) throws -> Result {
        guard let base, base != .emptyTree else {
            return try withTreeBuilder(source: nil, body)
        }
        return try withObject(base, .tree) { try withTreeBuilder(source: $0, body) }
    }

    private func withTreeBuilder<Result>(
        source: OpaquePointer?, _ body: (OpaquePointer) throws -> Result
    ) throws -> Result {
        try withHandle(
            "cannot write tree", freedBy: git_treebuilder_free,
            { git_treebuilder_new(&$0, pointer, source) }, body)
    }

    func insert(_ entry: TreeEntry, into builder: OpaquePointer) throws {
        var id = entry.id.raw
        _ = try withCString(entry.name) {
            try check(
                git_treebuilder_insert(nil, builder, $0, &id, entry.mode.raw),
                "cannot add '\(entry.text)' to a tree")
        }
    }

    func remove(_ name: [UInt8], from builder: OpaquePointer) throws {
        _ = try withCString(name) {
            try check(
                git_treebuilder_remove(builder, $0),
                "cannot remove '\(String(decoding: name, as: UTF8.self))' from a tree")
        }
    }

    func entry(named name: [UInt8], in builder: OpaquePointer) throws -> TreeEntry? {
        try withCString(name) { try git_treebuilder_get(builder, $0).map(TreeEntry.init) }
    }

    func write(_ builder: OpaquePointer) throws -> ObjectID {
        var id = git_oid()
        try check(git_treebuilder_write(&id, builder), "cannot write tree")
        return ObjectID(id)
    }
}
