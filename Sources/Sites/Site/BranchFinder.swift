package import Git

/// Finds the branches of a site: the local one, otherwise that of the site's
/// upstream remote, since a fresh clone has only `origin/portage/*`.
package struct BranchFinder {
    /// A branch that was found, local or of the remote.
    package struct Branch {
        /// The branch as `git show` takes it: `portage/base`,
        /// `origin/portage/base`.
        package let shown: String
        /// Its commit.
        package let commit: ObjectID

        /// Creates a branch that was found.
        package init(shown: String, commit: ObjectID) {
            self.shown = shown
            self.commit = commit
        }
    }

    let repository: Repository
    /// The remote whose branches are used when there is no local one.
    package let remote: String?
    /// The commits that branches are assumed to have instead of their own, nil
    /// for a branch that is assumed to be deleted. This serves to check whether
    /// a site would still be valid.
    package var replacing: [String: ObjectID?] = [:]

    /// Creates a finder in a repository, and in the branches of a remote if one
    /// is given.
    package init(repository: Repository, remote: String?, replacing: [String: ObjectID?] = [:]) {
        self.repository = repository
        self.remote = remote
        self.replacing = replacing
    }

    /// Returns the branch of a name; nil when there is none.
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

    /// Creates a local branch from one that only the remote has, so that a
    /// commit continues its history instead of starting a new one.
    ///
    /// - Throws: ``ZentooError`` if HEAD names that branch; `GitError`.
    package func startLocally(_ name: String) throws {
        let reference = try RefName.branch(name)
        guard try repository.resolve(reference) == nil, let found = try find(name) else { return }
        try refuseUnborn(reference, found)
        try repository.set(
            reference, to: found.commit, expecting: .absent, message: "zentoo: from \(found.shown)")
    }

    /// Checks that HEAD is not this branch, which has no commit yet: creating
    /// it would not update the work tree.
    ///
    /// - Throws: ``ZentooError`` of code `busy`; `GitError`.
    package func refuseUnborn(_ reference: RefName, _ found: Branch) throws {
        guard !repository.isBare, case .branch(reference) = try repository.head() else { return }
        throw ZentooError(
            .busy,
            "branch '\(reference.branchName ?? "")' has no commit here yet, "
                + "but '\(found.shown)' has",
            hints: ["git merge \(found.shown)"])
    }

    /// Returns the names after `prefix/`, of local and remote branches
    /// together.
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
