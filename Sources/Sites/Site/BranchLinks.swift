internal import Git

/// Follows symbolic links inside a portage branch, as they would be followed in
/// `/etc/portage`.
struct BranchLinks {
    /// The tree of the branch.
    let tree: ObjectID
    let repository: Repository

    /// The path of the branch in a root.
    private static let top = "/etc/portage"
    /// The number of links that Linux follows (path_resolution(7)).
    private static let mostLinks = 40

    /// Returns the entry at a path with all symbolic links followed, which is
    /// not a link itself; nil if it does not exist or is outside the branch.
    ///
    /// - Parameter path: relative to the top, such as `make.conf/flags`.
    /// - Throws: `GitError`.
    func entry(at path: String) throws -> TreeEntry? {
        var due = path.split(separator: "/").map(String.init)
        var done: [String] = []
        var entry: TreeEntry?
        var followed = 0
        while !due.isEmpty {
            done.append(due.removeFirst())
            guard let found = try repository.entry(in: tree, TreePath(done.joined(separator: "/")))
            else { return nil }
            entry = found
            guard found.mode == .symlink else { continue }
            followed += 1
            guard followed <= Self.mostLinks else { return nil }
            let link = TreeReading.Link(
                path: done.joined(separator: "/"),
                target: String(decoding: try repository.blob(found.id), as: UTF8.self))
            let target = link.resolved(from: Self.top)
            guard target.hasPrefix(Self.top + "/") else { return nil }
            due = target.dropFirst(Self.top.count).split(separator: "/").map(String.init) + due
            done = []
        }
        return entry
    }
}
