public import Git

extension ResultReader {
    /// Whether a tuple is up to date, and what stands against it.
    ///
    /// - Parameters:
    ///   - commit: the tuple commit as it is composed now.
    ///   - liveCounts: whether live ebuilds alone make a tuple stale; the site
    ///     may say no.
    ///   - isMissing: whether a package is no longer in the pool; nobody looks
    ///     when nil, as where there is no pool.
    /// - Throws: ``GitError``.
    public func why(
        _ series: BuildSeries, commit: ObjectID, liveCounts: Bool = true,
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
            changes: try latest.map { try changes(since: $0.result, to: commit, tree) } ?? [],
            live: live, missing: missing)
    }

    /// What differs between a build's tree and a composed one, with the
    /// commits that brought it; nothing when the build's tree is gone.
    private func changes(
        since result: BuildResult, to commit: ObjectID, _ tree: ObjectID
    ) throws -> [InputChange] {
        guard result.tree != tree, try repository.exists(result.tree) else { return [] }
        let deltas = try repository.diffTrees(result.tree, tree)
        let touched = try touchedFiles(since: result.commit, to: commit)
        return deltas.map { delta in
            let sources = Set(InputPath.sources(of: delta.path.description))
            return InputChange(
                change: PathChange(delta),
                commits: touched.filter { !$0.paths.isDisjoint(with: sources) }
                    .map { CommitMention($0.commit) })
        }
    }

    /// The commits of all branches a tuple commit is composed of that came
    /// after another one, newest first, each with the files it touches.
    private func touchedFiles(
        since old: ObjectID, to new: ObjectID
    ) throws -> [(commit: Commit, paths: Set<String>)] {
        guard try repository.exists(old) else { return [] }
        let starts = try repository.commit(new).parents
        let excluded = try repository.commit(old).parents.filter { try repository.exists($0) }
        do {
            return try repository.commits(
                reachableFrom: starts, excluding: excluded, limit: Self.mostCommits
            ).map { ($0, try touchedFiles(by: $0)) }
        } catch let error as GitError where error.code == .unsupported {
            // A shallow clone has no history to name commits from.
            return []
        }
    }

    /// More than this between two builds, and single commits explain nothing.
    private static let mostCommits = 500

    /// The files a commit changes; of a merge, those that are as in no parent.
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
