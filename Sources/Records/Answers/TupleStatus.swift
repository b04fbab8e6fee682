package import Git
package import Sites

/// Whether the last build matches what would be built now, and the reasons if
/// not.
package struct TupleStatus: Sendable, Hashable, Codable {
    /// The series in question.
    package let series: BuildSeries
    /// Whether a build would have nothing to do.
    package let isUpToDate: Bool
    /// The newest success; nil when there is none.
    package let latest: BuildEntry?
    /// The newest build, if it did not succeed.
    package let failedSince: BuildEntry?
    /// A success with the same tree, for another site or before a change was
    /// reverted: the tuple is stamped, nothing is compiled.
    package let builtBefore: BuildResult?
    /// The differences from ``latest``, sorted by path.
    package let changes: [InputChange]
    /// Packages of ``latest`` with live ebuilds, whose sources change without a
    /// new version: an equal tree does not make them up to date.
    package let live: [CPV]
    /// Packages of ``latest`` that are no longer in the pool.
    package let missing: [PoolPath]
}

/// A changed input, with the commits that changed it.
package struct InputChange: Sendable, Hashable, Codable {
    /// The change to the file of the tuple commit.
    package let change: PathChange
    /// The commits between the two builds that touch its source file, newest
    /// first.
    package let commits: [CommitMention]
}

/// A commit as shown in an answer.
package struct CommitMention: Sendable, Hashable, Codable {
    /// The commit.
    package let id: ObjectID
    /// The first line of the commit message.
    package let subject: String
    /// The author's name.
    package let author: String
    /// The branch it is on, in a form that `git show` accepts, if known.
    package let branch: String?

    init(_ commit: Commit, branch: String? = nil) {
        self.branch = branch
        id = commit.id
        subject = commit.subject
        author = commit.author.name
    }
}
