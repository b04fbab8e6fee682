internal import Builds
package import Git
internal import Sites

/// What a server's repository takes of a push: what leaves its sites without
/// a new mistake, and none in the branches that are pushed. Nothing is written,
/// and of what is not pushed only what belongs to it is read.
package struct PushPolicy {
    private let repository: Repository
    private let builders: Set<String>
    private let limits: PushLimits
    private let sites: [ZentooName]
    /// The branch that would be the site, where HEAD names it and it is not there.
    private let absentSite: String?
    private let state: StateDirectory
    /// Whether branches may only go forward. git looks after the hook, and at
    /// each reference by itself: one half of a push would enter.
    private let keepsHistory: Bool

    /// The policy of a repository, which is seen as it would be afterwards:
    /// opened with the environment of a hook.
    ///
    /// - Throws: `GitError` for a value that is not what its key wants.
    package init(_ configuration: Configuration, repository: Repository) throws {
        self.repository = repository
        builders = Set(configuration.strings("zentoo.allowBuilder"))
        limits = try PushLimits(configuration)
        let settings = try Settings(configuration, repository: repository)
        state = settings.state
        sites = try settings.served(in: repository)
        absentSite = try settings.absentSite(in: repository)
        keepsHistory = try configuration.bool("receive.denyNonFastForwards") ?? false
    }

    /// Looks at a push.
    ///
    /// - Parameter pusher: who pushes, as `zentoo.allowBuilder` has it.
    /// - Throws: `GitError` for objects that cannot be read.
    package func judge(_ push: Push, by pusher: String) throws -> PushVerdict {
        var verdict = PushVerdict()
        let names = PushNames(isBuilder: builders.contains(pusher))
        verdict.refuse(push.changes.compactMap(names.refusal))
        let moves = self.moves(of: push)
        for (branch, commit) in moves.sorted(by: { $0.key < $1.key }) {
            guard let commit, let kind = kind(of: branch) else { continue }
            var tree = PushedTree(ref: branch, kind: kind, repository: repository, limits: limits)
            try tree.inspect(commit: commit)
            verdict.refuse(tree.refusals)
        }
        // Walking a history means reading what was looked at just now.
        if verdict.refusals.isEmpty { verdict.refuse(try rewritten(by: push)) }
        // What is too large is not read.
        guard verdict.refusals.isEmpty else { return verdict }
        for (branch, commit) in moves.sorted(by: { $0.key < $1.key }) {
            guard let commit else { continue }
            verdict.refuse(try mistakes(of: branch, at: commit))
        }
        for site in sites { try judge(site, moves, &verdict) }
        let pushed = push.changes.filter { $0.new != nil }.compactMap(\.branch)
        if let absentSite, !pushed.isEmpty, !pushed.contains(absentSite) {
            verdict.warn([.absentSite(absentSite)])
        }
        return verdict
    }

    /// The branches of which a push would take commits away.
    private func rewritten(by push: Push) throws -> [PushRefusal] {
        guard keepsHistory else { return [] }
        return try push.changes.compactMap { change in
            guard let branch = change.branch, kind(of: branch) != nil, let old = change.old,
                let new = change.new, try !repository.isAncestor(old, of: new)
            else { return nil }
            return PushRefusal(
                ref: branch, message: "the push would take commits away from it",
                hint: "git pull --rebase, and push again")
        }
    }

    /// The branches that a site or a part of one is, with their new commits,
    /// nil for those that are deleted.
    private func moves(of push: Push) -> [String: ObjectID?] {
        var moves: [String: ObjectID?] = [:]
        for change in push.changes {
            guard let branch = change.branch, kind(of: branch) != nil else { continue }
            moves.updateValue(change.new, forKey: branch)
        }
        return moves
    }

    private func kind(of branch: String) -> PushedTree.Kind? {
        if sites.contains(where: { $0.text == branch }) { return .site }
        return BranchKind.part(branch).map { .part($0.kind) }
    }

    /// What is wrong with a portage or buildhooks branch, whoever uses it.
    private func mistakes(of branch: String, at commit: ObjectID) throws -> [PushRefusal] {
        guard let part = BranchKind.part(branch) else { return [] }
        let found = BranchFinder.Branch(shown: branch, commit: commit)
        let mistakes =
            switch part.kind {
            case .portage:
                try PortageBranch(name: part.name, branch: found, repository: repository).mistakes
            case .buildhooks:
                try BuildhooksBranch(name: part.name, branch: found, repository: repository)
                    .mistakes
            }
        return mistakes.map(PushRefusal.init)
    }

    // MARK: Sites

    private func judge(
        _ name: ZentooName, _ moves: [String: ObjectID?], _ verdict: inout PushVerdict
    ) throws {
        guard !moves.isEmpty else { return }
        var finder = BranchFinder(repository: repository, remote: nil)
        let before = try finder.find(name.text).map { _ in
            try Site(name, finder, state: state)
        }
        finder.replacing = moves
        guard try finder.find(name.text) != nil else {
            if let before { verdict.refuse([Self.deletion(of: before)]) }
            return
        }
        let after = try Site(name, finder, state: state)
        let deletions = before.map { Self.deletions(of: moves, from: $0, leaving: after) } ?? []
        verdict.refuse(deletions.map(\.refusal))
        let told = Set(deletions.flatMap(\.lines))
        let branches = Set(moves.keys)
        let mistakes = try after.mistakes(touching: branches).filter { mistake in
            // That a part is missing was told with the branch.
            mistake.file != TuplesFile.path || mistake.ref != after.shownRef
                || !(mistake.line.map(told.contains) ?? false)
        }
        var known: Set<Mistake>?
        for mistake in mistakes {
            if let ref = mistake.ref, branches.contains(ref) {
                verdict.refuse([PushRefusal(mistake)])
                continue
            }
            let old = try known ?? Set(before?.mistakes(touching: branches) ?? [])
            known = old
            if old.contains(mistake) {
                verdict.warn([PushRefusal(mistake)])
            } else {
                verdict.refuse([PushRefusal(mistake)])
            }
        }
    }

    private static func deletion(of site: Site) -> PushRefusal {
        let tuples = site.declaredTuples.map(\.text)
        return PushRefusal(
            ref: site.name.text,
            message: "it is a site of this server"
                + (tuples.isEmpty ? "" : ", which has \(list(tuples))"),
            hint: "a site can go once neither zentoo.site nor HEAD name it on the server")
    }

    /// The branches that are deleted although tuples are made of them, and the
    /// lines of `config/tuples` that say so.
    private static func deletions(
        of moves: [String: ObjectID?], from before: Site, leaving after: Site
    ) -> [(refusal: PushRefusal, lines: [Int])] {
        let deleted = moves.filter { $0.value == nil }.keys.sorted()
        guard !deleted.isEmpty else { return [] }
        let remaining = Dictionary(
            after.tuplesFile.declarations.map { ($0.subject, $0.number) }
        ) { first, _ in first }
        return deleted.compactMap { branch in
            guard let part = BranchKind.part(branch) else { return nil }
            let tuples = before.declaredTuples.filter {
                part.kind.name(in: $0) == part.name && remaining[$0.text] != nil
            }
            guard !tuples.isEmpty else { return nil }
            let refusal = PushRefusal(
                ref: branch,
                message: "site '\(after.name)' needs it for \(list(tuples.map(\.text)))",
                hint: "remove them from \(TuplesFile.path) on '\(after.name)', in the same push "
                    + "or one before")
            return (refusal, tuples.compactMap { remaining[$0.text] })
        }
    }

    private static func list(_ tuples: [String]) -> String {
        let most = 10
        let shown = tuples.prefix(most).joined(separator: ", ")
        return shown + (tuples.count > most ? " and \(tuples.count - most) more" : "")
    }
}

extension BranchKind {
    /// Which part of a site a branch is, by its name.
    static func part(_ branch: String) -> (kind: BranchKind, name: ZentooName)? {
        let words = branch.split(separator: "/", maxSplits: 1)
        guard words.count == 2, let kind = BranchKind(rawValue: String(words[0])),
            let name = try? ZentooName(String(words[1]))
        else { return nil }
        return (kind, name)
    }
}
