package import SystemPackage

/// The source of an ebuild repository.
package enum RepositorySource: Sendable, Hashable, CustomStringConvertible {
    /// A git repository, by URL or absolute path, and the branch to follow; the
    /// repository's HEAD if it is nil.
    case git(String, branch: String?)
    /// A plain directory. Git is not used, so uncommitted changes are included.
    case directory(FilePath)

    /// Reads a source as users write it. A URL or `host:path` is a git
    /// repository. A path is a directory, or a git repository if a branch is
    /// given.
    ///
    /// - Parameters:
    ///   - text: the source.
    ///   - branch: the branch to follow.
    ///   - base: the directory that a relative path is relative to; nil if
    ///     relative paths are an error.
    /// - Throws: ``RepositoryError``.
    package init(_ text: String, branch: String? = nil, relativeTo base: FilePath? = nil) throws {
        guard !text.isEmpty, !text.hasPrefix("-"),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { throw RepositoryError(.invalidSource, "'\(text)' is not a valid source") }
        if let branch, !Self.isBranch(branch) {
            throw RepositoryError(.invalidSource, "'\(branch)' is not a valid branch name")
        }
        if Self.isRemote(text) {
            if let scheme = StageSource.scheme(of: text), text.contains("://"),
                !Self.schemes.contains(scheme)
            {
                throw RepositoryError(
                    .invalidSource, "cannot fetch from '\(text)': unknown scheme '\(scheme)'",
                    hints: ["git takes \(Self.schemes.joined(separator: ", "))"])
            }
            guard !text.contains("::") else {
                throw RepositoryError(
                    .invalidSource, "'\(text)' names a helper program, not a repository")
            }
            self = .git(text, branch: branch)
            return
        }
        let given = FilePath(text)
        guard given.isAbsolute || base != nil else {
            throw RepositoryError(
                .invalidSource, "'\(text)' is a relative path",
                hints: ["write an absolute path or a URL"])
        }
        let path = (base?.pushing(given) ?? given).lexicallyNormalized()
        self = branch.map { .git(path.string, branch: $0) } ?? .directory(path)
    }

    /// The schemes that git may fetch from; `ext::` and similar ones run
    /// programs.
    package static let schemes = ["https", "http", "git", "ssh", "file"]

    /// Returns whether git takes `text` for something other than a path: a
    /// colon precedes the first slash (git-fetch(1), "GIT URLS").
    private static func isRemote(_ text: String) -> Bool {
        text.prefix { $0 != "/" }.contains(":")
    }

    /// Returns whether `text` is a valid branch name, by rules slightly
    /// stricter than those of git-check-ref-format(1).
    package static func isBranch(_ text: String) -> Bool {
        guard let first = text.utf8.first, !"-./".utf8.contains(first) else { return false }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return !text.contains("..") && !text.contains("@{")
            && text.unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0.value != 0x7f && !"~^:?*[\\".unicodeScalars.contains($0)
            }
            && parts.allSatisfy {
                !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".") && !$0.hasSuffix(".lock")
            }
    }

    /// The source as written, without the branch.
    package var description: String {
        switch self {
        case .git(let location, _): location
        case .directory(let path): path.string
        }
    }
}
