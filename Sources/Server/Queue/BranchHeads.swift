internal import Git
internal import Sites

/// The commits of all branches that decide what a server builds.
struct BranchHeads: Sendable, Hashable {
    /// The commits by branch name, without `refs/heads/`.
    var commits: [String: ObjectID] = [:]

    /// Reads the current branches.
    init(of repository: Repository, sites: [ZentooName]) throws {
        for site in sites {
            commits[site.text] = try repository.resolve(RefName.branch(site.text))
        }
        for prefix in [PortageBranch.prefix, BuildhooksBranch.prefix] {
            for (name, id) in try repository.references(under: "refs/heads/\(prefix)/") {
                guard let branch = name.branchName, BranchKind.part(branch) != nil else { continue }
                commits[branch] = id
            }
        }
    }

    init(_ commits: [String: ObjectID]) { self.commits = commits }

    /// Returns the branches for composing a site from exactly these: nil for a
    /// branch that only `others` have.
    func seen(beside others: BranchHeads...) -> [String: ObjectID?] {
        var heads: [String: ObjectID?] = commits
        for name in others.flatMap(\.commits.keys) where heads[name] == nil {
            heads.updateValue(nil, forKey: name)
        }
        return heads
    }

    /// Returns the branches that differ between the two.
    func difference(from other: BranchHeads) -> Set<String> {
        Set(commits.keys).union(other.commits.keys)
            .filter { commits[$0] != other.commits[$0] }
    }
}

/// The record of the branches that were queued. Comparing it with the current
/// branches finds a push whose hook never ran because the machine stopped.
extension BuildQueue {
    /// Returns the branches as they were last queued; nil if they never were.
    func seen() throws -> (heads: BranchHeads, id: ObjectID)? {
        guard let id = try repository.resolve(Self.seenName()) else { return nil }
        let tree = try repository.tree(ofCommit: id)
        var commits: [String: ObjectID] = [:]
        for line in LineFile(try repository.blob(in: tree, Self.seenFile) ?? []) {
            guard line.words.count == 2, let commit = ObjectID(hex: line.words[0]) else { continue }
            commits[line.words[1]] = commit
        }
        return (BranchHeads(commits), id)
    }

    /// Records the branches. Their commits become parents of the record, so
    /// that the state before a change can be composed however old it is.
    ///
    /// - Throws: ``GitError``, `conflict` when another process did so in the
    ///   meantime.
    func see(_ heads: BranchHeads, expecting old: ObjectID?) throws {
        let lines = heads.commits.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\n" }
        let tree = try repository.writeTree([
            TreeEntry(
                name: Self.seenFile.bytes, mode: .file,
                id: repository.writeBlob(Array(lines.joined().utf8)))
        ])
        let commit = try repository.createCommit(
            tree: tree, parents: Set(heads.commits.values).sorted(),
            author: Signature(
                name: "git-zentoo", email: "git-zentoo", seconds: Timestamp.now.seconds),
            message: "zentoo: the branches as they were last queued\n")
        try repository.set(
            Self.seenName(), to: commit, expecting: old.map { .value($0) } ?? .absent,
            message: "zentoo: queue")
    }

    private static let seenFile = TreePath("heads")
    private static func seenName() throws -> RefName { try RefName("\(prefix)seen") }
}
