/// The pinned content of an ebuild repository: a line of `config/zentoo.lock`.
package struct RepositoryPin: Sendable, Hashable {
    /// The name, which the repository's own files also give.
    package let name: ZentooName
    /// Its content.
    package let revision: RepositoryRevision
    /// The repositories it inherits from, in the order of its `layout.conf`.
    package let masters: [ZentooName]

    /// Creates the pin of a repository at a revision.
    package init(name: ZentooName, revision: RepositoryRevision, masters: [ZentooName]) {
        self.name = name
        self.revision = revision
        self.masters = masters
    }
}
