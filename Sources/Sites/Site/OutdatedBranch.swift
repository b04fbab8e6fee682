internal import Git

/// A local branch that lacks commits which the site's remote had when it was
/// fetched: what is built of it is not what the others build.
package struct OutdatedBranch: Sendable, Hashable {
    /// The local branch: `portage/base`.
    package let name: String
    /// What it is behind: `origin/portage/base`.
    package let upstream: String
    /// How many commits it lacks.
    package let behind: Int
    /// How many it has that the other lacks.
    package let ahead: Int
}

extension Site {
    /// Which of the branches that these tuples are made of are behind the
    /// remote's, the site's own first.
    ///
    /// History is only walked for a branch whose commit is not the remote's.
    ///
    /// - Throws: `GitError`.
    package func outdatedBranches(of tuples: [Tuple]) throws -> [OutdatedBranch] {
        var names = [name.text]
        names += Set(tuples.map { BranchKind.portage.branch($0.portage) }).sorted()
        names += Set(tuples.map { BranchKind.buildhooks.branch($0.buildhooks) }).sorted()
        return try names.compactMap { try branches.outdated($0) }
    }
}

extension BranchFinder {
    /// Nil when the branch is not behind that of the remote, or only one of
    /// the two is here.
    func outdated(_ name: String) throws -> OutdatedBranch? {
        guard let remote, let local = try repository.resolve(RefName.branch(name)),
            let fetched = try repository.resolve(RefName.remoteBranch(remote, name)),
            local != fetched
        else { return nil }
        let divergence = try repository.divergence(of: local, from: fetched)
        guard divergence.behind > 0 else { return nil }
        return OutdatedBranch(
            name: name, upstream: "\(remote)/\(name)", behind: divergence.behind,
            ahead: divergence.ahead)
    }
}
