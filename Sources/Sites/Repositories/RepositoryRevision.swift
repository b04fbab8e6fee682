/// The exact content of an ebuild repository.
///
/// As text: 40 hexadecimal digits of a git commit, or `sha256:` and the
/// digest of a directory's content; what `config/zentoo.lock` holds.
package enum RepositoryRevision: TextValue {
    /// A commit, by its id in lower case.
    case commit(String)
    /// A directory, by the digest of the archive ``TreeArchive`` makes of it.
    case content(SHA256Digest)

    private static let contentPrefix = "sha256:"

    /// Reads the text; nil when it is neither.
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

    /// As a directory's name: a colon would end a path in many a list.
    package var fileName: String {
        switch self {
        case .commit(let id): id
        case .content(let digest): "sha256-\(digest)"
        }
    }

    /// Reads ``fileName``; nil when it is none.
    package init?(fileName: String) {
        let text =
            fileName.hasPrefix("sha256-")
            ? Self.contentPrefix + fileName.dropFirst("sha256-".count) : fileName
        self.init(String(text))
    }
}
