public import Git

/// Whether what was built last is what would be built now, and why not.
public struct TupleStatus: Sendable, Hashable, Codable {
    /// What is asked about.
    public let series: BuildSeries
    /// Whether a build now would find nothing to do.
    public let isUpToDate: Bool
    /// The newest success; nil when there never was one.
    public let latest: BuildEntry?
    /// The newest build, when that was no success.
    public let failedSince: BuildEntry?
    /// A success of just this tree, for another site or before a change was
    /// taken back: it is stamped, nothing is compiled.
    public let builtBefore: BuildResult?
    /// What differs from ``latest``, sorted by path.
    public let changes: [InputChange]
    /// Packages of ``latest`` whose sources move without a new version: never
    /// up to date by their tree.
    public let live: [CPV]
    /// Packages of ``latest`` that are no longer in the pool.
    public let missing: [PoolPath]
}

/// A changed input, and who changed it.
public struct InputChange: Sendable, Hashable, Codable {
    /// What happened to the file of the tuple commit.
    public let change: PathChange
    /// The commits between the two builds that touch the file it is made of,
    /// newest first.
    public let commits: [CommitMention]
}

/// A commit as an answer names it.
public struct CommitMention: Sendable, Hashable, Codable {
    /// The commit.
    public let id: ObjectID
    /// The first line of its message.
    public let subject: String
    /// Who wrote it.
    public let author: String
    /// The branch it is on, as `git show` takes it, where that is known.
    public let branch: String?

    init(_ commit: Commit, branch: String? = nil) {
        self.branch = branch
        id = commit.id
        subject = commit.subject
        author = commit.author.name
    }
}
