internal import Git

/// The differences between two builds.
package struct BuildDifference: Sendable, Hashable, Codable {
    /// The earlier build.
    package let before: BuildEntry
    /// The later build.
    package let after: BuildEntry
    /// The differences in the configuration, sorted by path; nil when a tree no
    /// longer exists, as after a failed build was garbage-collected.
    package let configuration: [PathChange]?
    /// The differences in the packages, sorted.
    package let packages: [PackageChange]
}

extension ResultReader {
    /// Returns the differences between two builds, in configuration and in
    /// packages.
    ///
    /// - Throws: ``GitError``.
    package func difference(
        from before: BuildEntry, to after: BuildEntry
    ) throws -> BuildDifference {
        let trees = [before.result.tree, after.result.tree]
        let areThere = try trees.allSatisfy { try repository.exists($0) }
        return BuildDifference(
            before: before, after: after,
            configuration: areThere
                ? try repository.diffTrees(trees[0], trees[1]).map { PathChange($0) } : nil,
            packages: PackageChange.changes(
                from: try packages(of: before.result), to: try packages(of: after.result)))
    }
}
