/// The exact content of an ebuild repository.
///
/// The text, as in `config/zentoo.lock`, is the 40 hexadecimal digits of a git
/// commit, or `sha256:` and the digest of a directory's content.
package enum RepositoryRevision: TextValue {
    /// A commit, by its id in lower case.
    case commit(String)
    /// A directory, by the digest of the archive that ``TreeArchive`` creates
    /// from it.
    case content(SHA256Digest)

    private static let contentPrefix = "sha256:"

    /// Reads the text; returns nil if it is neither.
    package init?(_ description: String) {
        if description.hasPrefix(Self.contentPrefix) {
            guard let digest = SHA256Digest(String(description.dropFirst(Self.contentPrefix.count)))
            else { return nil }
            self = .content(digest)
        } else {
            guard description.utf8.count == 40, SHA256Digest.isPrefix(description) else {
                return nil
            }
            self = .commit(description)
        }
    }

    /// The text.
    package var description: String {
        switch self {
        case .commit(let id): id
        case .content(let digest): Self.contentPrefix + digest.description
        }
    }

    /// The text as a directory name, without a colon, which would end a path in
    /// many lists.
    package var fileName: String {
        switch self {
        case .commit(let id): id
        case .content(let digest): "sha256-\(digest)"
        }
    }

    /// Reads ``fileName``; returns nil for any other text.
    package init?(fileName: String) {
        let text =
            fileName.hasPrefix("sha256-")
            ? Self.contentPrefix + fileName.dropFirst("sha256-".count) : fileName
        self.init(String(text))
    }
}
