package import Git

/// A composed tuple: exactly what is built.
package struct TupleCommit: Sendable, Hashable {
    /// The tuple.
    package let tuple: Tuple
    /// The commit, which is the same on every machine for the same inputs.
    package let commit: ObjectID
    /// Its tree, the build key: a tuple is up to date if the same tree was
    /// built.
    package let tree: ObjectID
    /// The composed `/etc/portage`.
    package let portageTree: ObjectID
    /// The tree of the buildhooks branch.
    package let buildhooksTree: ObjectID
    /// The stage it is built on.
    package let stage: ComposedStage
    /// The ebuild repositories that Portage uses, sorted by name.
    package let repositories: [ComposedRepository]
    /// The portage, buildhooks and site commits, each once.
    package let parents: [ObjectID]

    /// Creates a tuple commit from its parts.
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

    /// Returns a copy with another `/etc/portage`, which is not committed.
    package func withPortage(_ tree: ObjectID) -> TupleCommit {
        TupleCommit(
            tuple: tuple, commit: commit, tree: self.tree, portageTree: tree,
            buildhooksTree: buildhooksTree, stage: stage, repositories: repositories,
            parents: parents)
    }
}

extension TupleCommit {
    /// Returns the `/etc/portage` of a machine of the tuple: the composed one
    /// without the settings that only apply to builders.
    package func ownPortageTree(in repository: Repository) throws -> ObjectID {
        try repository.editTree(
            base: portageTree,
            [.remove(TreePath("make.conf/\(TupleComposer.lastMakeConfName)"))])
    }
}

/// The stage that a tuple commit names.
package struct ComposedStage: Sendable, Hashable {
    /// Its name in `config/stages`.
    package let name: ZentooName
    /// The SHA-256 digest of its content.
    package let digest: SHA256Digest

    /// Creates a stage from its name and digest.
    package init(name: ZentooName, digest: SHA256Digest) {
        self.name = name
        self.digest = digest
    }
}

/// An ebuild repository that a tuple commit names.
package struct ComposedRepository: Sendable, Hashable {
    /// Its name in `config/repos`.
    package let name: ZentooName
    /// Its exact content.
    package let revision: RepositoryRevision
    /// The path in the root where Portage looks for it.
    package let location: String

    /// Creates a repository from its name, revision and path.
    package init(name: ZentooName, revision: RepositoryRevision, location: String) {
        self.name = name
        self.revision = revision
        self.location = location
    }
}
