internal import Git
internal import Sites

/// The commits of all branches that decide what a server builds.
struct BranchHeads: Sendable, Hashable {
    /// By branch, without `refs/heads/`.
    var commits: [String: ObjectID] = [:]

    /// The branches as they are now.
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

    /// What a site sees that is to see these and no others.
    func seen(beside others: BranchHeads...) -> [String: ObjectID?] {
        var heads: [String: ObjectID?] = commits
        for name in others.flatMap(\.commits.keys) where heads[name] == nil {
            heads.updateValue(nil, forKey: name)
        }
        return heads
    }

    /// The branches that are not the same in both.
    func difference(from other: BranchHeads) -> Set<String> {
        Set(commits.keys).union(other.commits.keys)
            .filter { commits[$0] != other.commits[$0] }
    }
}

/// What the queue has taken note of: a push whose hook never ran, since the
/// machine stopped in between, is found by comparing it with the branches.
extension BuildQueue {
    /// The branches as they were last queued; nil before that.
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

    /// Takes note of branches. The commits are parents, so that the state
    /// before a change can be composed however old it is by then.
    ///
    /// - Throws: ``GitError``, `conflict` when somebody else did meanwhile.
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
