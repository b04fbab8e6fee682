/// What an ebuild repository's name resolves to: a line of `config/zentoo.lock`.
package struct RepositoryPin: Sendable, Hashable {
    /// The name it goes by, in its own files too.
    package let name: ZentooName
    /// Its content.
    package let revision: RepositoryRevision
    /// The repositories it inherits from, in the order of its `layout.conf`.
    package let masters: [ZentooName]

    /// A repository at a revision.
    package init(name: ZentooName, revision: RepositoryRevision, masters: [ZentooName]) {
        self.name = name
        self.revision = revision
        self.masters = masters
    }
}
