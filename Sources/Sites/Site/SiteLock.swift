/// `config/zentoo.lock`: what the names of a site resolve to now. Written by
/// git-zentoo alone, a commit a change, so that what a build means is in git.
///
///     stage amd64-openrc sha256:5e88... key=13EBBDBEDE7A12775DFDB1BABB572E0E2D182910
///     repository gentoo 83ab19...
///     repository zentoo-demo sha256:77a0... masters=gentoo
package struct SiteLock: Sendable, Hashable {
    /// Where the file lies on a site's branch.
    package static let path = "config/zentoo.lock"

    /// A stage's content.
    package struct Stage: Sendable, Hashable {
        /// SHA-256 of the tarball, or of the directory's canonical archive.
        package var digest: SHA256Digest
        /// The fingerprint of the key that signed it, if one was demanded.
        package var key: KeyFingerprint?

        /// A stage's content and who vouched for it.
        package init(digest: SHA256Digest, key: KeyFingerprint?) {
            self.digest = digest
            self.key = key
        }
    }

    /// An ebuild repository's content.
    package struct Repository: Sendable, Hashable {
        /// The exact content.
        package var revision: RepositoryRevision
        /// The repositories it inherits from (`masters` of its layout.conf),
        /// needed to compose without having it here.
        package var masters: [ZentooName]

        /// A repository's content and what it builds on.
        package init(revision: RepositoryRevision, masters: [ZentooName]) {
            self.revision = revision
            self.masters = masters
        }
    }

    /// By name.
    package var stages: [ZentooName: Stage] = [:]
    /// By name.
    package var repositories: [ZentooName: Repository] = [:]

    /// Nothing resolved yet.
    package init() {}

    /// Reads the file; what cannot be read is told in `mistakes`.
    package init(_ bytes: [UInt8], ref: String?, mistakes: inout [Mistake]) {
        for line in LineFile(bytes) where !read(line.words) {
            mistakes.append(
                Mistake(
                    ref: ref, file: Self.path, line: line.number,
                    message: "cannot read '\(line.words.joined(separator: " "))'",
                    hint: "the file is written by 'git zentoo sync' and 'git zentoo stage add'; "
                        + "restore it with 'git checkout HEAD~ -- \(Self.path)' and run them again")
            )
        }
    }

    private mutating func read(_ words: [String]) -> Bool {
        guard words.count >= 3, let name = try? ZentooName(words[1]) else { return false }
        var attributes: [Substring: String] = [:]
        for word in words.dropFirst(3) {
            let pair = word.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return false }
            attributes[pair[0]] = String(pair[1])
        }
        switch words[0] {
        case "stage":
            guard words[2].hasPrefix("sha256:"),
                let digest = SHA256Digest(String(words[2].dropFirst("sha256:".count)))
            else { return false }
            let key = attributes["key"].map { KeyFingerprint($0) }
            if case .some(nil) = key { return false }
            stages[name] = Stage(digest: digest, key: key ?? nil)
        case "repository":
            guard let revision = RepositoryRevision(words[2]) else { return false }
            var masters: [ZentooName] = []
            for master in attributes["masters", default: ""].split(separator: ",") {
                guard let name = try? ZentooName(String(master)) else { return false }
                masters.append(name)
            }
            repositories[name] = Repository(revision: revision, masters: masters)
        default:
            return false
        }
        return true
    }

    /// The file's text: sorted, so that the same content is the same bytes.
    package var text: String {
        var lines = [
            "# Written by git zentoo (sync, stage add, bootstrap); what the names mean now."
        ]
        for (name, stage) in stages.sorted(by: { $0.key < $1.key }) {
            let key = stage.key.map { " key=\($0)" } ?? ""
            lines.append("stage \(name) sha256:\(stage.digest)\(key)")
        }
        for (name, repository) in repositories.sorted(by: { $0.key < $1.key }) {
            let masters = repository.masters.map(\.text).joined(separator: ",")
            lines.append(
                "repository \(name) \(repository.revision)"
                    + (masters.isEmpty ? "" : " masters=\(masters)"))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
