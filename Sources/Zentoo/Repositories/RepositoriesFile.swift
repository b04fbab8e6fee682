/// `config/repos`: an ebuild repository a line, `name source [branch]`.
///
///     gentoo https://github.com/gentoo-mirror/gentoo stable
///     local /srv/overlays/local
public enum RepositoriesFile {
    /// Where the file lies on a site's branch.
    public static let path = "config/repos"

    /// One repository.
    public struct Entry: Sendable, Hashable {
        /// Counted from 1.
        public let line: Int
        /// What Portage calls it.
        public let name: ZentooName
        /// Where it comes from.
        public let source: RepositorySource
    }

    /// Reads the file; a line with a mistake is told and left out.
    ///
    /// - Parameter ref: what the file was read from, for the mistakes.
    public static func parse(
        _ bytes: [UInt8], ref: String? = nil
    ) -> (entries: [Entry], mistakes: [Mistake]) {
        NamedLines.parse(bytes, of: "repository", path: path, ref: ref, name: \.name) {
            try entry($0.number, $0.words)
        }
    }

    private static func entry(_ line: Int, _ words: [String]) throws -> Entry {
        guard (2...3).contains(words.count) else {
            throw ZentooError(
                .mistakes, "expected a name, a source and at most a branch",
                hints: ["write 'NAME PATH|URL [BRANCH]'"])
        }
        return Entry(
            line: line, name: try ZentooName(words[0]),
            source: try RepositorySource(words[1], branch: words.count == 3 ? words[2] : nil))
    }
}
