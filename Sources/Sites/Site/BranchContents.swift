internal import Git

/// A summary of the content of a portage or buildhooks branch.
package struct BranchContents: Sendable, Hashable, Codable {
    /// The branch.
    package let branch: BranchEntry
    /// The target of `make.profile`; nil for buildhooks, and if the profile is
    /// not a symbolic link.
    package let profile: String?
    /// The ebuild repositories that Portage uses, as `name location`.
    package let repositories: [String]
    /// The branch's own package sets.
    package let sets: [String]
    /// The number of files of each entry at the top of the branch.
    package let files: [Files]
    /// The mistakes in the branch that do not depend on a tuple.
    package let mistakes: [Mistake]

    /// The files of an entry at the top of the branch.
    package struct Files: Sendable, Hashable, Codable {
        /// The name of the file or directory.
        package let name: String
        /// Whether it is a directory.
        package let isDirectory: Bool
        /// The number of files below the directory; 1 for a file.
        package let count: Int
    }
}

extension Site {
    /// Returns a summary of a branch.
    ///
    /// - Throws: ``ZentooError`` if there is none of this name.
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
