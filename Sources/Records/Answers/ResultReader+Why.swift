package import Git

extension ResultReader {
    /// Returns whether a tuple is up to date, with the reasons if it is not.
    ///
    /// - Parameters:
    ///   - commit: the tuple commit as composed now.
    ///   - liveCounts: whether live ebuilds alone make a tuple stale; the site
    ///     can disable this.
    ///   - namesCommits: whether to look for the commits that changed an input,
    ///     which walks the history.
    ///   - branches: names for the commits that the tuple commit is composed
    ///     from.
    ///   - isMissing: returns whether a package is no longer in the pool; nil
    ///     skips the check, for example when there is no pool.
    /// - Throws: ``GitError``.
    package func why(
        _ series: BuildSeries, commit: ObjectID, liveCounts: Bool = true,
        namesCommits: Bool = true, branches: [ObjectID: String] = [:],
        isMissing: ((RecordedPackage) throws -> Bool)? = nil
    ) throws -> TupleStatus {
        let tree = try repository.tree(ofCommit: commit)
        let latest = try latest(of: series)
        let newest = try newest(of: series)
        let packages = try latest.map { try self.packages(of: $0.result) } ?? []
        let live = liveCounts ? packages.filter(\.isLive).map(\.cpv) : []
        let missing = try isMissing.map { try packages.filter($0).map(\.path) } ?? []
        let isCurrent = latest?.result.tree == tree
        return TupleStatus(
            series: series,
            isUpToDate: isCurrent && live.isEmpty && missing.isEmpty,
            latest: latest,
            failedSince: newest?.result.status == .success ? nil : newest,
            builtBefore: isCurrent ? nil : try success(ofTree: tree),
            changes: try latest.map {
                try changes(since: $0.result, to: tree) {
                    namesCommits
                        ? try touchedFiles(since: $0.commit, to: commit, branches) : []
                }
            } ?? [],
            live: live, missing: missing)
    }

    /// Returns the differences between a build's tree and a composed one, with
    /// the commits that caused them; empty when the build's tree no longer
    /// exists.
    private func changes(
        since result: BuildResult, to tree: ObjectID,
        touchedFiles: (BuildResult) throws -> [(commit: CommitMention, paths: Set<String>)]
    ) throws -> [InputChange] {
        guard result.tree != tree, try repository.exists(result.tree) else { return [] }
        let touched = try touchedFiles(result)
        return try repository.diffTrees(result.tree, tree).map { delta in
            let sources = Set(InputPath.sources(of: delta.path.description))
            return InputChange(
                change: PathChange(delta),
                commits: touched.filter { !$0.paths.isDisjoint(with: sources) }.map(\.commit))
        }
    }

    /// Returns the commits on the branches of a tuple commit that are new since
    /// an older tuple commit, branch by branch and newest first, each with the
    /// files it touches.
    private func touchedFiles(
        since old: ObjectID, to new: ObjectID, _ branches: [ObjectID: String]
    ) throws -> [(commit: CommitMention, paths: Set<String>)] {
        guard try repository.exists(old) else { return [] }
        let excluded = try repository.commit(old).parents.filter { try repository.exists($0) }
        var found: [(commit: CommitMention, paths: Set<String>)] = []
        do {
            for start in try repository.commit(new).parents {
                let commits = try repository.commits(
                    reachableFrom: [start], excluding: excluded, limit: Self.mostCommits)
                for commit in commits where !found.contains(where: { $0.commit.id == commit.id }) {
                    found.append(
                        (
                            CommitMention(commit, branch: branches[start]),
                            try touchedFiles(by: commit)
                        ))
                }
            }
        } catch let error as GitError where error.code == .unsupported {
            // A shallow clone lacks the history that the commits are in.
        }
        return found
    }

    /// Beyond this number of commits between two builds, single commits explain
    /// nothing.
    private static let mostCommits = 500

    /// Returns the files that a commit changes; for a merge, those that differ
    /// from every parent.
    private func touchedFiles(by commit: Commit) throws -> Set<String> {
        let parents: [ObjectID?] =
            commit.parents.isEmpty
            ? [nil] : try commit.parents.map { try repository.tree(ofCommit: $0) }
        return
            try parents
            .map { Set(try repository.diffTrees($0, commit.tree).map(\.path.description)) }
            .reduce(nil) { $0?.intersection($1) ?? $1 } ?? []
    }
}
