internal import Files
package import Git
internal import Sites
internal import SystemPackage

/// A root's work tree: made, mended, and read as it is now.
package struct RootWorktree {
    let place: RootPlace
    let repository: Repository

    /// The work tree of a root.
    package init(place: RootPlace, repository: Repository) {
        self.place = place
        self.repository = repository
    }

    /// What ``ensure()`` had to do.
    enum Remedy: Sendable, Hashable {
        /// Nothing.
        case none
        /// It, or the repository, had been moved.
        case linked
        /// It was gone, and is the branch's head again.
        case checkedOut
    }

    /// Makes the work tree fit to be used, however it or the repository was
    /// moved, and checks it out again if it is gone.
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

    /// Why a work tree that is there cannot be used: it is on another branch,
    /// or on none.
    ///
    /// - Throws: `GitError`.
    package func obstacle() throws -> String? {
        guard try repository.worktree(named: place.worktreeName) != nil else { return nil }
        let branch = try repository.branch(ofWorktree: place.worktreeName)
        guard try branch != RootBranch.reference(of: place.name) else { return nil }
        return "the work tree of root '\(place.name)' has "
            + (branch?.branchName.map { "branch '\($0)'" } ?? "no branch") + " checked out"
    }

    /// Checks the branch out, into a directory that is not there yet.
    ///
    /// - Throws: `GitError`.
    func make() throws {
        try Directory.create(place.directory)
        // What is known of one whose directory is gone stands in the way.
        try repository.removeWorktree(place.worktreeName)
        try repository.addWorktree(
            name: place.worktreeName, path: place.tree,
            branch: RootBranch.reference(of: place.name))
        try repository.linkWorktree(place.worktreeName, at: place.tree)
    }

    /// What is in the work tree now as a tree: what a commit of all of it
    /// would be.
    ///
    /// - Throws: `GitError`.
    func snapshot() throws -> ObjectID {
        try repository.importDirectory(place.tree).tree
    }
}
