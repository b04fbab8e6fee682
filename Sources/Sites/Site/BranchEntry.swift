internal import Git

/// A portage or buildhooks branch in a list.
package struct BranchEntry: Sendable, Hashable, Codable {
    /// The name after `portage/` or `buildhooks/`.
    package let name: String
    /// The branch as `git show` takes it: `portage/base`,
    /// `origin/portage/base`.
    package let ref: String
    /// Its commit.
    package let commit: String
    /// The committer date of that commit.
    package let date: Timestamp
    /// The first line of the commit's message.
    package let subject: String
    /// The site's tuples that use it.
    package let tuples: [String]
}

extension Site {
    /// Returns the branches of a kind, sorted by name.
    ///
    /// - Throws: `GitError`.
    package func branches(_ kind: BranchKind) throws -> [BranchEntry] {
        try kind.names(of: parts).sorted().compactMap { try entry($0, kind) }
    }

    /// Returns a branch of a kind; nil when there is none of this name.
    func entry(_ name: ZentooName, _ kind: BranchKind) throws -> BranchEntry? {
        guard let found = try branches.find(kind.branch(name)) else { return nil }
        let commit = try repository.commit(found.commit)
        return BranchEntry(
            name: name.text, ref: found.shown, commit: found.commit.description,
            date: Timestamp(seconds: commit.committer.seconds), subject: commit.subject,
            tuples: declaredTuples.filter { kind.name(in: $0) == name }.map(\.text))
    }
}
