package import Git
package import Sites

/// Whether what was built last is what would be built now, and why not.
package struct TupleStatus: Sendable, Hashable, Codable {
    /// What is asked about.
    package let series: BuildSeries
    /// Whether a build now would find nothing to do.
    package let isUpToDate: Bool
    /// The newest success; nil when there never was one.
    package let latest: BuildEntry?
    /// The newest build, when that was no success.
    package let failedSince: BuildEntry?
    /// A success of just this tree, for another site or before a change was
    /// taken back: it is stamped, nothing is compiled.
    package let builtBefore: BuildResult?
    /// What differs from ``latest``, sorted by path.
    package let changes: [InputChange]
    /// Packages of ``latest`` whose sources move without a new version: never
    /// up to date by their tree.
    package let live: [CPV]
    /// Packages of ``latest`` that are no longer in the pool.
    package let missing: [PoolPath]
}

/// A changed input, and who changed it.
package struct InputChange: Sendable, Hashable, Codable {
    /// What happened to the file of the tuple commit.
    package let change: PathChange
    /// The commits between the two builds that touch the file it is made of,
    /// newest first.
    package let commits: [CommitMention]
}

/// A commit as an answer names it.
package struct CommitMention: Sendable, Hashable, Codable {
    /// The commit.
    package let id: ObjectID
    /// The first line of its message.
    package let subject: String
    /// Who wrote it.
    package let author: String
    /// The branch it is on, as `git show` takes it, where that is known.
    package let branch: String?

    init(_ commit: Commit, branch: String? = nil) {
        self.branch = branch
        id = commit.id
        subject = commit.subject
        author = commit.author.name
    }
}
