package import Git

/// The tuple commit that a root is based on, as found in its history.
///
/// A commit is a tuple commit only if git-zentoo composed it: its author,
/// committer and message are those that follow from its own parents and tree. A
/// commit made on top of it, or an amended one, is not.
package struct RootBase: Sendable, Hashable {
    /// The tuple commit.
    package let commit: ObjectID
    /// Its tree.
    package let tree: ObjectID
    /// The name of the tuple that the commit contains.
    package let tuple: String
    /// The tuple's cpu.
    package let cpu: ZentooName
    /// The commit of the portage branch that it was composed from.
    package let portage: ObjectID
    /// The commit of the buildhooks branch that it was composed from.
    package let buildhooks: ObjectID
    /// The commit of the site that it was composed from.
    package let site: ObjectID

    /// The path of the portage branch in a composed tree.
    package static let portagePath: TreePath = "etc/portage"
    /// The path of the directory with the make.conf files of the cpu,
    /// git-zentoo and the branch.
    static let makeConfPath: TreePath = "etc/portage/make.conf"

    /// Reads a commit; returns nil if it was not composed.
    ///
    /// - Throws: `GitError`.
    package init?(reading commit: Commit, in repository: Repository) throws {
        guard commit.message.hasPrefix(TupleComposer.message("").dropLast()),
            commit.author == commit.committer,
            let text = try repository.blob(in: commit.tree, "tuple")
        else { return nil }
        let tuple = String(decoding: text, as: UTF8.self).dropLast()
        guard commit.message == TupleComposer.message(String(tuple)),
            let portage = commit.parents.first, let site = commit.parents.last,
            try TupleComposer.signature(
                of: commit.parents, { try repository.commit($0).committer }) == commit.author,
            let cpu = try Self.cpu(of: commit.tree, in: repository)
        else { return nil }
        let hooks = try repository.entry(in: commit.tree, "buildhooks")?.id ?? .emptyTree
        // A commit that serves as two parts is a parent only once.
        let buildhooks = try commit.parents.dropFirst().first {
            try repository.commit($0).tree == hooks
        }
        self.commit = commit.id
        tree = commit.tree
        self.tuple = String(tuple)
        self.cpu = cpu
        self.portage = portage
        self.buildhooks = buildhooks ?? portage
        self.site = site
    }

    /// Reads the tuple commit that a commit merged into a root; returns nil if
    /// it is not a merge, or the merged commit was not composed.
    ///
    /// - Throws: `GitError`.
    package init?(mergedBy commit: Commit, in repository: Repository) throws {
        guard commit.parents.count == 2 else { return nil }
        try self.init(reading: repository.commit(commit.parents[1]), in: repository)
    }

    /// Returns the cpu of the only file of make.conf that begins with `10-`;
    /// nil if there is not exactly one.
    private static func cpu(of tree: ObjectID, in repository: Repository) throws -> ZentooName? {
        guard let folder = try repository.entry(in: tree, makeConfPath), folder.mode == .tree
        else { return nil }
        let prefix = TupleComposer.cpuPrefix
        let names = try repository.tree(folder.id).map(\.text).filter { $0.hasPrefix(prefix) }
        return names.count == 1 ? try? ZentooName(String(names[0].dropFirst(prefix.count))) : nil
    }
}

extension Site {
    /// Returns the tuple of a composed commit, among the parts that exist now.
    ///
    /// - Throws: ``ZentooError`` if a part no longer exists or the name is
    ///   ambiguous.
    package func tuple(of base: RootBase) throws -> Tuple {
        let readings = parts.readings(of: base.tuple).filter { $0.cpu == base.cpu }
        return try readings.count == 1 ? readings[0] : tuple(named: base.tuple)
    }
}
