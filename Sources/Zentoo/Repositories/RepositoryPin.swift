/// What an ebuild repository's name resolves to: a line of `config/zentoo.lock`.
public struct RepositoryPin: Sendable, Hashable {
    /// The name it goes by, in its own files too.
    public let name: ZentooName
    /// Its content.
    public let revision: RepositoryRevision
    /// The repositories it inherits from, in the order of its `layout.conf`.
    public let masters: [ZentooName]

    /// A repository at a revision.
    public init(name: ZentooName, revision: RepositoryRevision, masters: [ZentooName]) {
        self.name = name
        self.revision = revision
        self.masters = masters
    }
}
