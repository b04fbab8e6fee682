internal import Git

/// What a portage or buildhooks branch holds, in short.
package struct BranchContents: Sendable, Hashable, Codable {
    /// The branch.
    package let branch: BranchEntry
    /// Where `make.profile` leads; nil for buildhooks, and for a branch whose
    /// profile is no link.
    package let profile: String?
    /// The ebuild repositories Portage sees, as `name location`.
    package let repositories: [String]
    /// The branch's own package sets.
    package let sets: [String]
    /// By the names of the branch's top, how many files each has.
    package let files: [Files]
    /// What is wrong with it whatever the tuple.
    package let mistakes: [Mistake]

    /// The files of one kind.
    package struct Files: Sendable, Hashable, Codable {
        /// A file's or directory's name at the top of the branch.
        package let name: String
        /// Whether it is a directory.
        package let isDirectory: Bool
        /// How many there are beneath it; 1 for a file.
        package let count: Int
    }
}

extension Site {
    /// What a branch holds.
    ///
    /// - Throws: ``ZentooError`` when there is none of this name.
    package func contents(of name: ZentooName, _ kind: BranchKind) throws -> BranchContents {
        switch kind {
        case .portage:
            let branch = try portage(name)
            return try contents(
                name, kind, branch.tree, branch.mistakes,
                profile: link("make.profile", in: branch.tree),
                repositories: branch.reposConf.repositories.map { "\($0.name) \($0.location)" },
                sets: branch.sets.keys.sorted())
        case .buildhooks:
            let branch = try buildhooks(name)
            return try contents(name, kind, branch.tree, branch.mistakes)
        }
    }

    private func contents(
        _ name: ZentooName, _ kind: BranchKind, _ tree: ObjectID, _ mistakes: [Mistake],
        profile: String? = nil, repositories: [String] = [], sets: [String] = []
    ) throws -> BranchContents {
        guard let entry = try entry(name, kind) else {
            throw ZentooError(.notFound, "branch '\(kind.branch(name))' not found")
        }
        let files = try repository.tree(tree).map { entry in
            BranchContents.Files(
                name: entry.text, isDirectory: entry.mode == .tree, count: try count(entry))
        }
        return BranchContents(
            branch: entry, profile: profile, repositories: repositories, sets: sets,
            files: files, mistakes: mistakes)
    }

    private func link(_ path: TreePath, in tree: ObjectID) throws -> String? {
        guard let entry = try repository.entry(in: tree, path), entry.mode == .symlink else {
            return nil
        }
        return String(decoding: try repository.blob(entry.id), as: UTF8.self)
    }

    private func count(_ entry: TreeEntry) throws -> Int {
        guard entry.mode == .tree else { return 1 }
        return try repository.tree(entry.id).reduce(0) { try $0 + count($1) }
    }
}
