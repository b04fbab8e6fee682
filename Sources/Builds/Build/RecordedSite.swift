internal import Git
internal import Records
internal import Sites

/// What a record was made of: the tuple commit, and a site that knows where
/// its stage and repositories come from, whatever has become of the branches.
struct RecordedSite {
    /// The site.
    let site: Site
    /// What was built.
    let commit: TupleCommit

    /// Reads what a result is of. The site is that of today where it still has
    /// all that the commit names, else the one that the commit was composed of,
    /// which is an ancestor of it and so as old as the tag.
    ///
    /// - Parameter remote: whose branches stand in for absent local ones.
    /// - Throws: ``ZentooError`` when there is neither, or the commit is of a
    ///   format this version does not know; `GitError`.
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
            // Not composed by git-zentoo: only today's names can read it.
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

    /// The composed commit that a result's is, or that a root's branch began at.
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

    /// More than anybody commits to a root.
    private static let mostCommits = 10_000

    /// The parts of a tuple some of whose branches may be gone. cpu and packages
    /// are known from the commit; where two names of branches make several
    /// readings, those that exist count, and else any does, since nothing is read
    /// from the branches.
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
    /// Whether it says where all comes from that a commit names.
    fileprivate func has(_ commit: TupleCommit) -> Bool {
        stages.contains { $0.name == commit.stage.name }
            && commit.repositories.allSatisfy { composed in
                repositories.contains { $0.name == composed.name }
            }
    }
}
