/// `config/repos`: one ebuild repository per line, `name source [branch]`.
///
///     gentoo https://github.com/gentoo-mirror/gentoo stable
///     local /srv/overlays/local
package enum RepositoriesFile {
    /// The path of the file on a site's branch.
    package static let path = "config/repos"

    /// One repository.
    package struct Entry: Sendable, Hashable {
        /// The line number, counted from 1.
        package let line: Int
        /// The name that Portage uses.
        package let name: ZentooName
        /// The source of the repository.
        package let source: RepositorySource
    }

    /// Reads the file; a line with a mistake is reported and left out.
    ///
    /// - Parameter ref: the branch or commit of the file, for the mistakes.
    package static func parse(
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
