internal import CGit2

extension Repository {
    /// Stores a tree that differs from `base` by `changes`, applied in order.
    /// Only directories on the path of a change are read or written.
    ///
    /// - Parameters:
    ///   - base: a tree; `nil` for one without entries.
    ///   - changes: the changes.
    /// - Returns: the tree, ``ObjectID/emptyTree`` when nothing is left.
    /// - Throws: ``GitError``: `conflict` when a file is where a directory is
    ///   needed, `invalidName` for a path git refuses.
    public func editTree(base: ObjectID?, _ changes: [TreeChange]) throws -> ObjectID {
        try editTree(base: base, changes.map { PendingChange($0) }, at: .root)
    }

    private func editTree(
        base: ObjectID?, _ changes: [PendingChange], at place: TreePath
    ) throws -> ObjectID {
        try withTreeBuilder(base) { builder in
            // Each name once, with its changes in order.
            var names: [[UInt8]] = []
            var changesByName: [[UInt8]: [PendingChange]] = [:]
            for change in changes {
                guard let name = change.rest.first, !name.isEmpty else {
                    throw GitError(.invalidName, "'\(change.change.path)' is not a path")
                }
                if changesByName[name] == nil { names.append(name) }
                changesByName[name, default: []].append(change)
            }
            for name in names {
                let old = try entry(named: name, in: builder)
                let new = try apply(
                    changesByName[name, default: []][...], to: old, name, place.appending(name))
                if let new {
                    if new != old { try insert(new, into: builder) }
                } else if old != nil {
                    try remove(name, from: builder)
                }
            }
            return try write(builder)
        }
    }

    /// Returns an entry after changes to it and below it.
    private func apply(
        _ changes: ArraySlice<PendingChange>, to old: TreeEntry?, _ name: [UInt8],
        _ place: TreePath
    ) throws -> TreeEntry? {
        var entry = old
        var changes = changes
        while let change = changes.first {
            if change.rest.count == 1 {
                changes.removeFirst()
                switch change.change {
                case .put(_, .tree, .emptyTree), .remove: entry = nil
                case .put(_, let mode, let id): entry = TreeEntry(name: name, mode: mode, id: id)
                }
                continue
            }
            let beneath = changes.prefix { $0.rest.count > 1 }
            changes = changes.dropFirst(beneath.count)
            if let file = entry, file.mode != .tree {
                // Removing a path below a file has no effect.
                guard beneath.allSatisfy(\.isRemoval) else {
                    throw GitError(.conflict, "'\(place)' is a file, not a directory")
                }
                continue
            }
            let tree = try editTree(
                base: entry?.id,
                beneath.map { PendingChange(change: $0.change, rest: $0.rest.dropFirst()) },
                at: place)
            entry = tree == .emptyTree ? nil : TreeEntry(name: name, mode: .tree, id: tree)
        }
        return entry
    }
}

/// A change and the rest of its path in the current tree.
private struct PendingChange {
    let change: TreeChange
    let rest: ArraySlice<[UInt8]>

    init(_ change: TreeChange) {
        self.change = change
        rest = change.path.components[...]
    }

    init(change: TreeChange, rest: ArraySlice<[UInt8]>) {
        self.change = change
        self.rest = rest
    }

    var isRemoval: Bool {
        if case .remove = change { true } else { false }
    }
}
