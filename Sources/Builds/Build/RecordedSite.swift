internal import Git
internal import Records
internal import Sites

/// The origin of a record: the tuple commit, and a site that knows the sources
/// of its stage and repositories, even if branches were changed or deleted
/// since.
struct RecordedSite {
    /// The site.
    let site: Site
    /// The commit that was built.
    let commit: TupleCommit

    /// Reads the commit and site of a result. The site is the current one if it
    /// still has everything that the commit names, else the one that the commit
    /// was composed from, which is an ancestor of the commit and so as old as
    /// the tag.
    ///
    /// - Parameter remote: the remote whose branches replace missing local
    ///   ones.
    /// - Throws: ``ZentooError`` if neither exists, or if the format of the
    ///   commit is unknown to this version; `GitError`.
    init(
        of result: BuildResult, in repository: Repository, remote: String?, state: StateDirectory?
    ) throws {
        let series = result.series
        let finder = BranchFinder(repository: repository, remote: remote)
        let today = try finder.find(series.site.text).map { _ in
            try Site(series.site, finder, state: state)
        }
        if let today, today.readings(of: series.tuple).count == 1 {
            let commit = try TupleCommit(
                reading: result.commit, tuple: today.tuple(named: series.tuple), in: repository)
            if today.has(commit) {
                self.site = today
                self.commit = commit
                return
            }
        }
        guard let base = try Self.base(of: result.commit, in: repository) else {
            // Not composed by git-zentoo: only the current names can parse it.
            let site = try today ?? Site(series.site, finder, state: state)
            self.site = site
            commit = try TupleCommit(
                reading: result.commit, tuple: site.tuple(named: series.tuple), in: repository)
            return
        }
        var then = finder
        then.replacing[series.site.text] = base.site
        let site = try Site(series.site, then, state: state)
        self.site = site
        commit = try TupleCommit(
            reading: result.commit,
            tuple: try Self.tuple(series.tuple, base, site, in: repository), in: repository)
    }

    /// Returns the composed commit that a result was built from, or on which
    /// its root's branch is based.
    private static func base(of id: ObjectID, in repository: Repository) throws -> RootBase? {
        var next: ObjectID? = id
        for _ in 0..<mostCommits {
            guard let id = next else { return nil }
            let commit = try repository.commit(id)
            if let base = try RootBase(reading: commit, in: repository)
                ?? RootBase(mergedBy: commit, in: repository)
            {
                return base
            }
            next = commit.parents.first
        }
        return nil
    }

    /// More commits than any root branch has.
    private static let mostCommits = 10_000

    /// Parses a tuple some of whose branches may no longer exist. cpu and
    /// packages are known from the commit. If the names of branches allow
    /// several readings, the one with most existing branches is used, and any
    /// of them is right if none exists, since nothing is read from the
    /// branches.
    private static func tuple(
        _ text: String, _ base: RootBase, _ site: Site, in repository: Repository
    ) throws -> Tuple {
        var sets = site.parts.sets[nil, default: []]
        if let folder = try repository.entry(in: base.tree, "etc/portage/sets"),
            folder.mode == .tree
        {
            sets.formUnion(try repository.tree(folder.id).compactMap { try? ZentooName($0.text) })
        }
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        func name(_ range: Range<Int>) -> ZentooName? {
            try? ZentooName(words[range].joined(separator: "-"))
        }
        let first = base.cpu.text.split(separator: "-", omittingEmptySubsequences: false).count
        var found: [Tuple] = []
        if name(0..<min(first, words.count)) == base.cpu {
            for second in (first + 1)..<max(first + 1, words.count) {
                for third in (second + 1)..<max(second + 1, words.count) {
                    guard let portage = name(first..<second), let hooks = name(second..<third),
                        let packages = name(third..<words.count), sets.contains(packages)
                    else { continue }
                    found.append(
                        Tuple(
                            cpu: base.cpu, portage: portage, buildhooks: hooks,
                            packages: packages))
                }
            }
        }
        let parts = site.parts
        let isKnown = { (tuple: Tuple) in
            (parts.portages.contains(tuple.portage) ? 1 : 0)
                + (parts.buildhooks.contains(tuple.buildhooks) ? 1 : 0)
        }
        guard let tuple = found.max(by: { isKnown($0) < isKnown($1) }) else {
            throw ZentooError(
                .damaged, "commit '\(base.commit)' does not have the parts of tuple '\(text)'")
        }
        return tuple
    }
}

extension Site {
    /// Returns whether the site has the sources of everything that a commit
    /// names.
    fileprivate func has(_ commit: TupleCommit) -> Bool {
        stages.contains { $0.name == commit.stage.name }
            && commit.repositories.allSatisfy { composed in
                repositories.contains { $0.name == composed.name }
            }
    }
}
