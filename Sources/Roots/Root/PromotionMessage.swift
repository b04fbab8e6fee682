internal import Git
internal import Sites

/// The author and message of a commit that carries a root's commits to a
/// branch.
struct PromotionMessage {
    let author: Signature
    let text: String

    /// The first line.
    var subject: String { text.split(separator: "\n").first.map(String.init) ?? "" }

    /// - Parameters:
    ///   - commits: the root's commits that changed something on the branch,
    ///     newest first.
    ///   - message: the user's message, which replaces the commits' own.
    ///   - identity: the author when there are no commits, for example when
    ///     only a merge changed something.
    init(_ commits: [Commit], of root: ZentooName, message: String?, identity: Signature) {
        let newest = commits.first
        author = newest?.author ?? identity
        let names = Set(commits.dropFirst().map { "\($0.author.name) <\($0.author.email)>" })
        let others = names.subtracting(["\(author.name) <\(author.email)>"]).sorted()
        // The usual trailer for a commit with several authors.
        let trailers = others.map { "Co-authored-by: \($0)\n" }.joined()
        if let message {
            text = message + "\n" + (trailers.isEmpty ? "" : "\n" + trailers)
        } else if let newest, commits.count == 1 {
            text = newest.message
        } else {
            let list = commits.reversed().map { "- \($0.subject)\n" }.joined()
            text =
                "zentoo: promote root \(root)\n" + (list.isEmpty ? "" : "\n" + list)
                + (trailers.isEmpty ? "" : "\n" + trailers)
        }
    }
}
