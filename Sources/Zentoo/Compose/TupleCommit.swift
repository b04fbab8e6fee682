public import Git

/// A composed tuple: what exactly is built.
public struct TupleCommit: Sendable, Hashable {
    /// The tuple.
    public let tuple: Tuple
    /// The commit; the same on every machine for the same inputs.
    public let commit: ObjectID
    /// Its tree, the build key: what was built of the same tree is up to date.
    public let tree: ObjectID
    /// The composed `/etc/portage`.
    public let portageTree: ObjectID
    /// The buildhooks branch's tree.
    public let buildhooksTree: ObjectID
    /// The stage it is built on.
    public let stage: ComposedStage
    /// The ebuild repositories Portage sees, sorted by name.
    public let repositories: [ComposedRepository]
    /// The portage, buildhooks and site commits, each once.
    public let parents: [ObjectID]

    /// The same over another `/etc/portage`, which is nobody's commit.
    func withPortage(_ tree: ObjectID) -> TupleCommit {
        TupleCommit(
            tuple: tuple, commit: commit, tree: self.tree, portageTree: tree,
            buildhooksTree: buildhooksTree, stage: stage, repositories: repositories,
            parents: parents)
    }
}

extension TupleCommit {
    /// The `/etc/portage` of a machine of the tuple: the composed one without what
    /// holds in builders alone.
    func ownPortageTree(in repository: Repository) throws -> ObjectID {
        try repository.editTree(
            base: portageTree,
            [.remove(TreePath("make.conf/\(TupleComposer.lastMakeConfName)"))])
    }
}

/// A stage as a tuple commit names it.
public struct ComposedStage: Sendable, Hashable {
    /// Its name in `config/stages`.
    public let name: ZentooName
    /// SHA-256 of what was added.
    public let digest: SHA256Digest
}

/// An ebuild repository as a tuple commit names it.
public struct ComposedRepository: Sendable, Hashable {
    /// Its name in `config/repos`.
    public let name: ZentooName
    /// Its exact content.
    public let revision: RepositoryRevision
    /// Where Portage looks for it in the root.
    public let location: String
}
