internal import Files
package import Git
internal import Sites
internal import SystemPackage

/// A root's work tree: creates it, repairs it, and reads its content.
package struct RootWorktree {
    let place: RootPlace
    let repository: Repository

    /// Creates a value for the work tree of a root.
    package init(place: RootPlace, repository: Repository) {
        self.place = place
        self.repository = repository
    }

    /// The repair that ``ensure()`` made.
    enum Remedy: Sendable, Hashable {
        /// None was necessary.
        case none
        /// The work tree or the repository had been moved.
        case linked
        /// The work tree was missing and was checked out again.
        case checkedOut
    }

    /// Makes the work tree usable: repairs its links if it or the repository
    /// was moved, and checks it out again if it is missing.
    ///
    /// - Throws: ``ZentooError`` when it has another branch checked out;
    ///   `GitError`.
    @discardableResult
    func ensure() throws -> Remedy {
        guard try FileStatus.of(place.tree) != nil else {
            try make()
            return .checkedOut
        }
        guard try repository.worktree(named: place.worktreeName) != nil else {
            throw ZentooError(
                .damaged, "the work tree '\(place.tree)' is not one of this repository",
                hints: [
                    "save what is to be kept of it, then remove it: the next 'git zentoo enter "
                        + "\(place.name)' checks the branch out again"
                ])
        }
        let isMended = try repository.linkWorktree(place.worktreeName, at: place.tree)
        if let obstacle = try obstacle() {
            throw ZentooError(
                .busy, obstacle,
                hints: [
                    "git -C '\(place.tree)' checkout \(RootBranch.prefix)/\(place.name)"
                ])
        }
        return isMended ? .linked : .none
    }

    /// Returns why an existing work tree cannot be used: it is on another
    /// branch, or on none.
    ///
    /// - Throws: `GitError`.
    package func obstacle() throws -> String? {
        guard try repository.worktree(named: place.worktreeName) != nil else { return nil }
        let branch = try repository.branch(ofWorktree: place.worktreeName)
        guard try branch != RootBranch.reference(of: place.name) else { return nil }
        return "the work tree of root '\(place.name)' has "
            + (branch?.branchName.map { "branch '\($0)'" } ?? "no branch") + " checked out"
    }

    /// Checks out the branch into a directory that does not exist yet.
    ///
    /// - Throws: `GitError`.
    func make() throws {
        try Directory.create(place.directory)
        // A stale entry for a deleted directory would be in the way.
        try repository.removeWorktree(place.worktreeName)
        try repository.addWorktree(
            name: place.worktreeName, path: place.tree,
            branch: RootBranch.reference(of: place.name))
        try repository.linkWorktree(place.worktreeName, at: place.tree)
    }

    /// Returns the content of the work tree as a tree: that of a commit of
    /// everything in it.
    ///
    /// - Throws: `GitError`.
    func snapshot() throws -> ObjectID {
        try repository.importDirectory(place.tree).tree
    }
}
