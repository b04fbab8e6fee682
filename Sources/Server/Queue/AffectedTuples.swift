internal import Git
internal import Records
internal import Sites

/// The tuples that a change of branches affects, found by composing them before
/// and after and comparing the trees.
struct AffectedTuples {
    /// A tuple whose composition has changed.
    struct Change {
        let site: ZentooName
        let commit: TupleCommit
        let heads: [String: ObjectID]
        /// The changes, such as `portage/base: package.use`.
        let changes: [String]
    }

    /// The effects of a change of branches.
    struct Result {
        var changes: [Change] = []
        /// Tuples that cannot be composed, and the first reason.
        var broken: [(site: ZentooName, tuple: Tuple, reason: String)] = []
        /// Tuples, as `<site>/<tuple>`, that are no longer declared.
        var gone: [String] = []
    }

    let repository: Repository
    let sites: [ZentooName]
    let state: StateDirectory
    /// Whether to store the commit of a tuple; one that will not be built need
    /// not be stored.
    let keeps: (Tuple) -> Bool

    func find(from old: BranchHeads, to new: BranchHeads) throws -> Result {
        var result = Result()
        guard old != new else { return result }
        // Composing for the comparison must not store any objects.
        let memory = try repository.withObjectsInMemory()
        let now = try BranchHeads(of: repository, sites: sites)
        let (seenOld, seenNew) = (old.seen(beside: new, now), new.seen(beside: old, now))
        for site in sites {
            let before = try self.site(site, in: memory, seeing: seenOld)
            guard let after = try self.site(site, in: memory, seeing: seenNew) else {
                result.gone += before?.declaredTuples.map { "\(site)/\($0)" } ?? []
                continue
            }
            try compare(before, after, from: old, to: new, seenNew, &result)
        }
        return result
    }

    private func compare(
        _ before: Site?, _ after: Site, from old: BranchHeads, to new: BranchHeads,
        _ heads: [String: ObjectID?], _ result: inout Result
    ) throws {
        let moved = Set(
            new.difference(from: old).compactMap { ServedBranch(branch: $0, sites: sites) })
        // A tuple is a pure function of the site, of two branches, and of the
        // existing names; if none of these changed, neither did the tuple.
        let all =
            before == nil || before?.commit != after.commit || before?.parts != after.parts
        let tuples = after.declaredTuples.filter { tuple in
            all || moved.contains { $0.isPart(of: tuple) && $0 != .site(after.name) }
        }
        let known = Set(before?.declaredTuples ?? [])
        let declared = Set(after.tuplesFile.declarations.map(\.subject))
        result.gone += known.map(\.text).filter { !declared.contains($0) }.sorted()
            .map { "\(after.name)/\($0)" }
        guard !tuples.isEmpty else { return }
        let composedAfter = TupleComposer(after)
        let composedBefore = before.map { TupleComposer($0) }
        // Composed again outside of memory, since queued commits must be
        // stored.
        var storing: TupleComposer?
        for tuple in tuples {
            do {
                let made = try composedAfter.compose(tuple)
                let tree = made.tree
                let former =
                    known.contains(tuple)
                    ? try? composedBefore?.compose(tuple).tree : nil
                guard former != tree else { continue }
                let composer =
                    try storing
                    ?? TupleComposer(
                        Site(
                            after.name,
                            BranchFinder(repository: repository, remote: nil, replacing: heads),
                            state: state))
                storing = composer
                result.changes.append(
                    Change(
                        site: after.name,
                        commit: keeps(tuple) ? try composer.compose(tuple) : made,
                        heads: try Self.heads(of: tuple, after),
                        changes: try changes(former, tree, of: tuple, after)))
            } catch let error as ZentooError where error.code == .mistakes {
                let reason = error.mistakes.first.map { "\($0.place): \($0.message)" }
                result.broken.append((after.name, tuple, reason ?? error.message))
            }
        }
    }

    private func site(
        _ name: ZentooName, in repository: Repository, seeing heads: [String: ObjectID?]
    ) throws -> Site? {
        do {
            return try Site(
                name, BranchFinder(repository: repository, remote: nil, replacing: heads),
                state: state)
        } catch let error as ZentooError where error.code == .notFound {
            return nil
        }
    }

    static func heads(of tuple: Tuple, _ site: Site) throws -> [String: ObjectID] {
        [
            site.name.text: site.commit,
            "\(PortageBranch.prefix)/\(tuple.portage)": try site.portage(tuple.portage).commit,
            "\(BuildhooksBranch.prefix)/\(tuple.buildhooks)":
                try site.buildhooks(tuple.buildhooks).commit,
        ]
    }

    private func changes(
        _ before: ObjectID?, _ after: ObjectID, of tuple: Tuple, _ site: Site
    ) throws -> [String] {
        guard let before else { return ["\(site.name): new tuple"] }
        var changes: [String] = []
        for delta in try site.repository.diffTrees(before, after) {
            let change = try Self.describe(delta.path.description, of: tuple, site)
            if !changes.contains(change) { changes.append(change) }
        }
        return changes
    }

    private static func describe(_ path: String, of tuple: Tuple, _ site: Site) throws -> String {
        let source = InputPath.sources(of: path).first ?? path
        switch InputPath.input(of: path) {
        case .portage: return "\(PortageBranch.prefix)/\(tuple.portage): \(source)"
        case .buildhooks: return "\(BuildhooksBranch.prefix)/\(tuple.buildhooks): \(source)"
        case .packages:
            let name = source.split(separator: "/").last.map(String.init) ?? source
            return try site.portage(tuple.portage).sets[name] == nil
                ? "\(site.name): \(CPUFragment.siteSets)/\(name)"
                : "\(PortageBranch.prefix)/\(tuple.portage): \(source)"
        case .cpu: return "\(site.name): \(source)"
        case .stage: return "\(site.name): stage"
        case .repositories: return "\(site.name): repositories"
        case .options: return "\(site.name): options"
        case .format: return "git-zentoo: \(source)"
        }
    }
}
