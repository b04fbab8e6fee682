package import Git

/// The tuple commit that a root stands on, as it is found in a history.
///
/// A commit is taken for one only when git-zentoo composed it: its author,
/// committer and message are those that its own parents and tree ask for. A
/// commit that somebody made on top, or an amended one, is not.
package struct RootBase: Sendable, Hashable {
    /// The tuple commit.
    package let commit: ObjectID
    /// Its tree.
    package let tree: ObjectID
    /// The tuple as the commit has it.
    package let tuple: String
    /// The tuple's cpu.
    package let cpu: ZentooName
    /// The commit of the portage branch it was composed of.
    package let portage: ObjectID
    /// The commit of the buildhooks branch it was composed of.
    package let buildhooks: ObjectID
    /// The commit of the site it was composed of.
    package let site: ObjectID

    /// Where a composed tree has the portage branch.
    package static let portagePath: TreePath = "etc/portage"
    /// Where it has the cpu, git-zentoo and what the branch has in make.conf.
    static let makeConfPath: TreePath = "etc/portage/make.conf"

    /// Reads a commit; nil when it is no composed one.
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
        // A commit that is two parts at once is a parent once.
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

    /// Reads what a commit merged into a root; nil when that was no composed
    /// commit, and when it is no merge.
    ///
    /// - Throws: `GitError`.
    package init?(mergedBy commit: Commit, in repository: Repository) throws {
        guard commit.parents.count == 2 else { return nil }
        try self.init(reading: repository.commit(commit.parents[1]), in: repository)
    }

    /// The one file of make.conf that begins with 10.
    private static func cpu(of tree: ObjectID, in repository: Repository) throws -> ZentooName? {
        guard let folder = try repository.entry(in: tree, makeConfPath), folder.mode == .tree
        else { return nil }
        let prefix = TupleComposer.cpuPrefix
        let names = try repository.tree(folder.id).map(\.text).filter { $0.hasPrefix(prefix) }
        return names.count == 1 ? try? ZentooName(String(names[0].dropFirst(prefix.count))) : nil
    }
}

extension Site {
    /// The tuple of a composed commit, among the parts that exist today.
    ///
    /// - Throws: ``ZentooError`` when a part is gone, or the name can be read
    ///   in several ways.
    package func tuple(of base: RootBase) throws -> Tuple {
        let readings = parts.readings(of: base.tuple).filter { $0.cpu == base.cpu }
        return try readings.count == 1 ? readings[0] : tuple(named: base.tuple)
    }
}
