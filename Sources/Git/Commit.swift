internal import CGit2

/// The content of a commit.
public struct Commit: Sendable, Hashable {
    /// The id of the commit.
    public let id: ObjectID
    /// The id of its tree.
    public let tree: ObjectID
    /// The ids of its parents.
    public let parents: [ObjectID]
    /// The author.
    public let author: Signature
    /// The committer.
    public let committer: Signature
    /// The whole message; bytes that are not UTF-8 are replaced.
    public let message: String

    /// The first line of the message.
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
