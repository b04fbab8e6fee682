internal import Git

/// A local branch that lacks commits which the site's remote had at the last
/// fetch: its builds differ from those of others.
package struct OutdatedBranch: Sendable, Hashable {
    /// The local branch: `portage/base`.
    package let name: String
    /// The remote's branch: `origin/portage/base`.
    package let upstream: String
    /// The number of commits that it lacks.
    package let behind: Int
    /// The number of commits that only it has.
    package let ahead: Int
}

extension Site {
    /// Returns the branches of these tuples that are behind the remote's, the
    /// site's own first.
    ///
    /// The history is only walked for a branch whose commit differs from the
    /// remote's.
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
    /// Returns nil if the branch is not behind the remote's, or only one of the
    /// two exists here.
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
