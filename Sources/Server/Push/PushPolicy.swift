internal import Builds
package import Git
internal import Sites

/// The rules by which a server's repository accepts a push: the pushed branches
/// must have no mistakes, and the sites no new ones. Nothing is written, and of
/// the other branches only those that are used together with the pushed ones
/// are read.
package struct PushPolicy {
    private let repository: Repository
    private let builders: Set<String>
    private let limits: PushLimits
    private let sites: [ZentooName]
    /// The branch that would be the site, where HEAD names it and it is not there.
    private let absentSite: String?
    private let state: StateDirectory
    /// Whether only fast-forwards are allowed. git checks this after the hook
    /// and for each reference separately, so that half of a push could be
    /// accepted.
    private let keepsHistory: Bool

    /// Creates the policy of a repository. The repository must be opened with
    /// the environment of the hook, so that it appears as it would be after the
    /// push.
    ///
    /// - Throws: `GitError` for a setting with an invalid value.
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

    /// Checks a push.
    ///
    /// - Parameter pusher: the name of the pusher, as in `zentoo.allowBuilder`.
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
        // Only after these checks, since walking the history reads the commits.
        if verdict.refusals.isEmpty { verdict.refuse(try rewritten(by: push)) }
        // A tree that is too large is not read.
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

    /// Returns refusals for the branches that would lose commits.
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

    /// Returns the pushed branches that are a site or part of one, with their
    /// new commits; nil for a deleted branch.
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

    /// Returns the mistakes of a portage or buildhooks branch, whichever site
    /// uses it.
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
            // The missing part is already reported with the deleted branch.
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

    /// Returns refusals for deleted branches that tuples are still composed of,
    /// with the lines of `config/tuples` that declare these tuples.
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
    /// Returns the kind and name of a branch that is part of a site; nil for
    /// any other.
    static func part(_ branch: String) -> (kind: BranchKind, name: ZentooName)? {
        let words = branch.split(separator: "/", maxSplits: 1)
        guard words.count == 2, let kind = BranchKind(rawValue: String(words[0])),
            let name = try? ZentooName(String(words[1]))
        else { return nil }
        return (kind, name)
    }
}
