extension Repository {
    /// Merges the notes of `source` into `target`, so that `target` has every
    /// line that either had. This is what `git notes merge -s cat_sort_uniq`
    /// does (git-notes(1)), except that lines are not sorted, and that the
    /// reference moves only if it still has the value that was read, so that
    /// nothing is lost while other processes write notes.
    ///
    /// The new commit has both as parents; if one contains the other's history,
    /// there is no new commit.
    ///
    /// - Returns: whether `target` has moved.
    /// - Throws: ``GitError``.
    @discardableResult
    public func mergeNotes(
        _ source: RefName, into target: RefName, author: Signature, message: String
    ) throws -> Bool {
        guard let theirs = try resolve(source) else { return false }
        let before = try resolve(target)
        let after = try updateReference(target, message: "notes: \(message)", durably: true) {
            ours in
            guard let ours else { return theirs }
            if try isAncestor(theirs, of: ours) { return nil }
            if try isAncestor(ours, of: theirs) { return theirs }
            let tree = try NotesTree(repository: self).adding(
                try lines(in: theirs, butNotIn: ours), to: tree(ofCommit: ours))
            return try createCommit(
                tree: tree, parents: [ours, theirs], author: author, message: message)
        }
        return after != before
    }

    /// Returns the lines of all notes that differ, by the object they are on.
    private func lines(
        in theirs: ObjectID, butNotIn ours: ObjectID
    ) throws -> [ObjectID: [[UInt8]]] {
        var lines: [ObjectID: [[UInt8]]] = [:]
        for delta in try diffTrees(tree(ofCommit: ours), tree(ofCommit: theirs)) {
            // With a different fan-out the path differs even if the lines do
            // not.
            let digits = delta.path.bytes.filter { $0 != UInt8(ascii: "/") }
            guard let new = delta.new, let object = ObjectID(hex: digits) else { continue }
            lines[object, default: []] += NotesTree.lines(try blob(new.id))
        }
        return lines
    }
}
