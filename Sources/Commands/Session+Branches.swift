internal import Git
internal import Sites
internal import SystemPackage

extension Session {
    /// Warns about local branches that are behind the remote's: tuples composed
    /// from them differ from those of the remote's users.
    ///
    /// - Parameter texts: tuples as they were named; a text that is not a
    ///   tuple, such as a build id, is ignored.
    func warnOfOutdatedBranches(_ texts: [String]) async throws {
        // Without a local site branch, no local branch is used.
        guard try branchesAreHere else { return }
        let site = try site()
        let tuples = texts.compactMap { text in
            try? site.tuple(named: String(text.prefix { $0 != "@" }))
        }
        for branch in try site.outdatedBranches(of: tuples) {
            let count = Amount.of(branch.behind, "commit")
            context.output.warning("'\(branch.name)' is behind '\(branch.upstream)' by \(count)")
            context.output.hint("\(try await update(branch))")
        }
    }

    private var branchesAreHere: Bool {
        get throws { try repository.resolve(RefName.branch(siteName.text)) != nil }
    }

    /// Returns the command that brings a branch up to date, wherever it is
    /// checked out.
    private func update(_ branch: OutdatedBranch) async throws -> String {
        let place = try await git.worktree(
            ofBranch: branch.name, gitDirectory: repository.commonDirectory)
        let merge = branch.ahead == 0 ? "merge --ff-only" : "merge"
        if let place { return "git -C '\(place)' \(merge) \(branch.upstream)" }
        return branch.ahead == 0
            ? "git fetch . \(branch.upstream):\(branch.name)"
            : "git switch \(branch.name) && git merge \(branch.upstream)"
    }
}
