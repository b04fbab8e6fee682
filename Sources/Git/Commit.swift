internal import CGit2

/// What a commit says.
public struct Commit: Sendable, Hashable {
    /// Its own name.
    public let id: ObjectID
    /// The files.
    public let tree: ObjectID
    /// What it follows.
    public let parents: [ObjectID]
    /// Who made the change.
    public let author: Signature
    /// Who made the commit.
    public let committer: Signature
    /// All of the message; bytes that are not UTF-8 are replaced.
    public let message: String

    /// The message's first line.
    public var subject: String {
        message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}

extension Commit {
    init(_ commit: OpaquePointer, _ id: ObjectID) throws {
        guard let tree = git_commit_tree_id(commit), let author = git_commit_author(commit),
            let committer = git_commit_committer(commit)
        else { throw GitError(.invalid, "commit '\(id)' is damaged") }
        self.id = id
        self.tree = ObjectID(tree.pointee)
        parents = (0..<git_commit_parentcount(commit)).compactMap {
            git_commit_parent_id(commit, $0).map { ObjectID($0.pointee) }
        }
        self.author = Signature(author)
        self.committer = Signature(committer)
        message = git_commit_message(commit).map { String(cString: $0) } ?? ""
    }
}
