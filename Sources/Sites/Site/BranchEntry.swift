internal import Git

/// A portage or buildhooks branch as a list has it.
package struct BranchEntry: Sendable, Hashable, Codable {
    /// Behind `portage/` or `buildhooks/`.
    package let name: String
    /// As `git show` takes it: `portage/base`, `origin/portage/base`.
    package let ref: String
    /// Its commit.
    package let commit: String
    /// When that was committed.
    package let date: Timestamp
    /// The commit's first line.
    package let subject: String
    /// The site's tuples that are made of it.
    package let tuples: [String]
}

extension Site {
    /// The branches of a kind, sorted by name.
    ///
    /// - Throws: `GitError`.
    package func branches(_ kind: BranchKind) throws -> [BranchEntry] {
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
