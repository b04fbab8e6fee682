package import Git

/// A composed tuple: what exactly is built.
package struct TupleCommit: Sendable, Hashable {
    /// The tuple.
    package let tuple: Tuple
    /// The commit; the same on every machine for the same inputs.
    package let commit: ObjectID
    /// Its tree, the build key: what was built of the same tree is up to date.
    package let tree: ObjectID
    /// The composed `/etc/portage`.
    package let portageTree: ObjectID
    /// The buildhooks branch's tree.
    package let buildhooksTree: ObjectID
    /// The stage it is built on.
    package let stage: ComposedStage
    /// The ebuild repositories Portage sees, sorted by name.
    package let repositories: [ComposedRepository]
    /// The portage, buildhooks and site commits, each once.
    package let parents: [ObjectID]

    /// Puts a composed commit together.
    package init(
        tuple: Tuple, commit: ObjectID, tree: ObjectID, portageTree: ObjectID,
        buildhooksTree: ObjectID, stage: ComposedStage, repositories: [ComposedRepository],
        parents: [ObjectID]
    ) {
        self.tuple = tuple
        self.commit = commit
        self.tree = tree
        self.portageTree = portageTree
        self.buildhooksTree = buildhooksTree
        self.stage = stage
        self.repositories = repositories
        self.parents = parents
    }

    /// The same over another `/etc/portage`, which is nobody's commit.
    package func withPortage(_ tree: ObjectID) -> TupleCommit {
        TupleCommit(
            tuple: tuple, commit: commit, tree: self.tree, portageTree: tree,
            buildhooksTree: buildhooksTree, stage: stage, repositories: repositories,
            parents: parents)
    }
}

extension TupleCommit {
    /// The `/etc/portage` of a machine of the tuple: the composed one without what
    /// holds in builders alone.
    package func ownPortageTree(in repository: Repository) throws -> ObjectID {
        try repository.editTree(
            base: portageTree,
            [.remove(TreePath("make.conf/\(TupleComposer.lastMakeConfName)"))])
    }
}

/// A stage as a tuple commit names it.
package struct ComposedStage: Sendable, Hashable {
    /// Its name in `config/stages`.
    package let name: ZentooName
    /// SHA-256 of what was added.
    package let digest: SHA256Digest

    /// A stage by its name and digest.
    package init(name: ZentooName, digest: SHA256Digest) {
        self.name = name
        self.digest = digest
    }
}

/// An ebuild repository as a tuple commit names it.
package struct ComposedRepository: Sendable, Hashable {
    /// Its name in `config/repos`.
    package let name: ZentooName
    /// Its exact content.
    package let revision: RepositoryRevision
    /// Where Portage looks for it in the root.
    package let location: String

    /// A repository at a revision and a place.
    package init(name: ZentooName, revision: RepositoryRevision, location: String) {
        self.name = name
        self.revision = revision
        self.location = location
    }
}
