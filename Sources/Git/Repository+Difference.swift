/// A path that differs between two trees.
public struct TreeDelta: Sendable, Hashable {
    /// The path; never a directory, since the entries below it are listed
    /// instead.
    public let path: TreePath
    /// The old entry; `nil` when the path is new.
    public let old: TreeEntry?
    /// The new entry; `nil` when the path was removed.
    public let new: TreeEntry?
}

extension Repository {
    /// Returns the differences between two trees, sorted by path.
    ///
    /// Subtrees with the same id are not read, so the cost depends on the size
    /// of the difference, not of the trees.
    ///
    /// - Parameters:
    ///   - old: a tree; `nil` for one without entries.
    ///   - new: a tree; `nil` for one without entries.
    /// - Throws: ``GitError``.
    public func diffTrees(_ old: ObjectID?, _ new: ObjectID?) throws -> [TreeDelta] {
        var deltas: [TreeDelta] = []
        try diff(old, new, at: .root, &deltas)
        return deltas.sorted { $0.path < $1.path }
    }

    private func diff(
        _ old: ObjectID?, _ new: ObjectID?, at place: TreePath, _ deltas: inout [TreeDelta]
    ) throws {
        guard old != new else { return }
        let before = try old.map { try tree($0) } ?? []
        let after = try new.map { try tree($0) } ?? []
        let afterByName = Dictionary(uniqueKeysWithValues: after.map { ($0.name, $0) })
        for entry in before {
            try compare(entry, afterByName[entry.name], at: place.appending(entry.name), &deltas)
        }
        let namesBefore = Set(before.map(\.name))
        for entry in after where !namesBefore.contains(entry.name) {
            try compare(nil, entry, at: place.appending(entry.name), &deltas)
        }
    }

    private func compare(
        _ old: TreeEntry?, _ new: TreeEntry?, at path: TreePath, _ deltas: inout [TreeDelta]
    ) throws {
        guard old != new else { return }
        let oldTree = old?.mode == .tree ? old?.id : nil
        let newTree = new?.mode == .tree ? new?.id : nil
        if oldTree != nil || newTree != nil { try diff(oldTree, newTree, at: path, &deltas) }
        let oldFile = oldTree == nil ? old : nil
        let newFile = newTree == nil ? new : nil
        if oldFile != nil || newFile != nil {
            deltas.append(TreeDelta(path: path, old: oldFile, new: newFile))
        }
    }
}
