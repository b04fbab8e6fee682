internal import Git
internal import Sites

/// The configuration of a build, read from its tuple commit.
package struct BuildConfiguration: Sendable, Hashable, Codable {
    /// A commit that the tuple commit was composed from.
    package struct Source: Sendable, Hashable, Codable {
        /// The kind of branch that a commit comes from.
        package enum Kind: String, Sendable, Hashable, Codable {
            /// A portage branch.
            case portage
            /// A buildhooks branch.
            case buildhooks
            /// The site's branch.
            case site
            /// A root's own branch, or the tuple commit the root was created
            /// from.
            case root
        }

        /// The kind of branch it comes from.
        package let kind: Kind
        /// The commit.
        package let commit: CommitMention
    }

    /// The exact revision of a stage or an ebuild repository.
    package struct Content: Sendable, Hashable, Codable {
        /// The name in the site's configuration.
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
    /// Returns the configuration of a build; nil when its commit no longer
    /// exists, as may happen to a failed build after `git gc`.
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

    /// Returns the kind of a parent by the contents of its tree: the order of
    /// the parents is ambiguous where one commit has two roles.
    private func kind(
        of commit: Commit, buildhooks: ObjectID?
    ) throws -> BuildConfiguration.Source.Kind {
        if commit.tree == buildhooks { return .buildhooks }
        if try repository.entry(in: commit.tree, TreePath(TuplesFile.path)) != nil { return .site }
        return try repository.entry(in: commit.tree, "tuple") == nil ? .portage : .root
    }
}
