internal import Git

/// A portage or buildhooks branch as a list has it.
public struct BranchEntry: Sendable, Hashable, Codable {
    /// Behind `portage/` or `buildhooks/`.
    public let name: String
    /// As `git show` takes it: `portage/base`, `origin/portage/base`.
    public let ref: String
    /// Its commit.
    public let commit: String
    /// When that was committed.
    public let date: Timestamp
    /// The commit's first line.
    public let subject: String
    /// The site's tuples that are made of it.
    public let tuples: [String]
}

extension Site {
    /// The branches of a kind, sorted by name.
    ///
    /// - Throws: `GitError`.
    public func branches(_ kind: BranchKind) throws -> [BranchEntry] {
        try kind.names(of: parts).sorted().compactMap { try entry($0, kind) }
    }

    /// One branch of a kind; nil when there is none of this name.
    func entry(_ name: ZentooName, _ kind: BranchKind) throws -> BranchEntry? {
        guard let found = try branches.find(kind.branch(name)) else { return nil }
        let commit = try repository.commit(found.commit)
        return BranchEntry(
            name: name.text, ref: found.shown, commit: found.commit.description,
            date: Timestamp(seconds: commit.committer.seconds), subject: commit.subject,
            tuples: declaredTuples.filter { kind.name(in: $0) == name }.map(\.text))
    }
}
