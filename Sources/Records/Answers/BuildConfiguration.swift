internal import Git
internal import Sites

/// What a build was configured by, read back from its tuple commit.
package struct BuildConfiguration: Sendable, Hashable, Codable {
    /// A commit that the tuple commit was composed of.
    package struct Source: Sendable, Hashable, Codable {
        /// Which branch it was on.
        package enum Kind: String, Sendable, Hashable, Codable {
            /// A portage branch.
            case portage
            /// A buildhooks branch.
            case buildhooks
            /// The site's branch.
            case site
            /// A root's own branch, or the tuple commit it was taken from.
            case root
        }

        /// Which branch it was on.
        package let kind: Kind
        /// The commit.
        package let commit: CommitMention
    }

    /// A stage or an ebuild repository at its exact content.
    package struct Content: Sendable, Hashable, Codable {
        /// What the site calls it.
        package let name: String
        /// A digest or a commit.
        package let revision: String
    }

    /// The commits, in the order portage, buildhooks, site.
    package let sources: [Source]
    /// The stage.
    package let stage: Content?
    /// The ebuild repositories, sorted by name.
    package let repositories: [Content]
}

extension ResultReader {
    /// What a build was configured by; nil when its commit is gone, as that of
    /// a failed build may be once `git gc` has run.
    ///
    /// - Throws: ``GitError``.
    package func configuration(of result: BuildResult) throws -> BuildConfiguration? {
        guard try repository.kind(of: result.commit) == .commit else { return nil }
        let commit = try repository.commit(result.commit)
        func contents(_ path: TreePath) throws -> [BuildConfiguration.Content] {
            LineFile(try repository.blob(in: commit.tree, path) ?? [])
                .filter { $0.words.count == 2 }
                .map { BuildConfiguration.Content(name: $0.words[0], revision: $0.words[1]) }
        }
        let buildhooks = try repository.entry(in: commit.tree, "buildhooks")?.id
        let sources = try commit.parents.filter { try repository.exists($0) }.map { id in
            let parent = try repository.commit(id)
            return BuildConfiguration.Source(
                kind: try kind(of: parent, buildhooks: buildhooks), commit: CommitMention(parent))
        }
        return BuildConfiguration(
            sources: sources, stage: try contents("stage").first,
            repositories: try contents("repos"))
    }

    /// Told by what is in it: the order of parents does not tell where one of
    /// them stands for two.
    private func kind(
        of commit: Commit, buildhooks: ObjectID?
    ) throws -> BuildConfiguration.Source.Kind {
        if commit.tree == buildhooks { return .buildhooks }
        if try repository.entry(in: commit.tree, TreePath(TuplesFile.path)) != nil { return .site }
        return try repository.entry(in: commit.tree, "tuple") == nil ? .portage : .root
    }
}
