package import Git

/// Finds the branches a site is made of: a local one, else that of the site's
/// upstream remote, since a fresh clone has only `origin/portage/*`.
package struct BranchFinder {
    /// A branch that was found, here or at the remote.
    package struct Branch {
        /// As `git show` takes it: `portage/base`, `origin/portage/base`.
        package let shown: String
        /// What it points to.
        package let commit: ObjectID

        /// A branch that was found.
        package init(shown: String, commit: ObjectID) {
            self.shown = shown
            self.commit = commit
        }
    }

    let repository: Repository
    /// The remote whose branches stand in for absent local ones.
    package let remote: String?
    /// Commits that branches are taken to have, whatever they have, nil for a
    /// branch that is taken away: how it is seen whether a site would still be
    /// right.
    package var replacing: [String: ObjectID?] = [:]

    /// Looks in a repository, and in a remote's branches when one is given.
    package init(repository: Repository, remote: String?, replacing: [String: ObjectID?] = [:]) {
        self.repository = repository
        self.remote = remote
        self.replacing = replacing
    }

    /// The branch of a name; nil when there is none.
    ///
    /// - Throws: `GitError`.
    package func find(_ name: String) throws -> Branch? {
        if let replaced = replacing[name] {
            return replaced.map { Branch(shown: name, commit: $0) }
        }
        if let commit = try repository.resolve(RefName.branch(name)) {
            return Branch(shown: name, commit: commit)
        }
        guard let remote,
            let commit = try repository.resolve(RefName.remoteBranch(remote, name))
        else { return nil }
        return Branch(shown: "\(remote)/\(name)", commit: commit)
    }

    /// Makes a local branch of one that only the remote has, so that a commit
    /// continues it and does not begin it anew.
    package func startLocally(_ name: String) throws {
        let reference = try RefName.branch(name)
        guard try repository.resolve(reference) == nil, let found = try find(name) else { return }
        try refuseUnborn(reference, found)
        try repository.set(
            reference, to: found.commit, expecting: .absent, message: "zentoo: from \(found.shown)")
    }

    /// A branch that HEAD names already cannot be begun beneath its work tree.
    package func refuseUnborn(_ reference: RefName, _ found: Branch) throws {
        guard !repository.isBare, case .branch(reference) = try repository.head() else { return }
        throw ZentooError(
            .busy,
            "branch '\(reference.branchName ?? "")' has no commit here yet, "
                + "but '\(found.shown)' has",
            hints: ["git merge \(found.shown)"])
    }

    /// The names behind `prefix/`, local and remote ones together.
    func names(under prefix: String) throws -> Set<ZentooName> {
        var spaces = ["refs/heads/\(prefix)/"]
        if let remote { spaces.append("refs/remotes/\(remote)/\(prefix)/") }
        var names: Set<ZentooName> = []
        for space in spaces {
            for (reference, _) in try repository.references(under: space) {
                if let name = try? ZentooName(
                    String(reference.description.dropFirst(space.count)))
                {
                    names.insert(name)
                }
            }
        }
        for (branch, commit) in replacing where branch.hasPrefix("\(prefix)/") {
            guard let name = try? ZentooName(String(branch.dropFirst(prefix.count + 1))) else {
                continue
            }
            if commit == nil { names.remove(name) } else { names.insert(name) }
        }
        return names
    }
}
