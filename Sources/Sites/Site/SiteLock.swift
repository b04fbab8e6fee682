/// `config/zentoo.lock`: what the names of a site currently resolve to. Only
/// git-zentoo writes it, with one commit per change, so that git records the
/// exact inputs of every build.
///
///     stage amd64-openrc sha256:5e88... key=13EBBDBEDE7A12775DFDB1BABB572E0E2D182910
///     repository gentoo 83ab19...
///     repository zentoo-demo sha256:77a0... masters=gentoo
package struct SiteLock: Sendable, Hashable {
    /// The path of the file on a site's branch.
    package static let path = "config/zentoo.lock"

    /// The content of a stage.
    package struct Stage: Sendable, Hashable {
        /// The SHA-256 digest of the tarball, or of the canonical archive of
        /// the directory.
        package var digest: SHA256Digest
        /// The fingerprint of the key that signed it, if a signature was
        /// required.
        package var key: KeyFingerprint?

        /// Creates a stage from its content and the key that signed it.
        package init(digest: SHA256Digest, key: KeyFingerprint?) {
            self.digest = digest
            self.key = key
        }
    }

    /// The content of an ebuild repository.
    package struct Repository: Sendable, Hashable {
        /// The exact content.
        package var revision: RepositoryRevision
        /// The repositories that it inherits from (`masters` of its
        /// layout.conf), recorded so that composing needs no copy of it.
        package var masters: [ZentooName]

        /// Creates a repository from its content and its masters.
        package init(revision: RepositoryRevision, masters: [ZentooName]) {
            self.revision = revision
            self.masters = masters
        }
    }

    /// The stages, by name.
    package var stages: [ZentooName: Stage] = [:]
    /// The ebuild repositories, by name.
    package var repositories: [ZentooName: Repository] = [:]

    /// Creates a lock in which no name is resolved yet.
    package init() {}

    /// Reads the file; lines that cannot be read are added to `mistakes`.
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

    /// The text of the file, sorted so that equal content gives equal bytes.
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
