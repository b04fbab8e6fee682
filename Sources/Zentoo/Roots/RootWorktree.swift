internal import Files
internal import Git
internal import SystemPackage

/// A root's work tree: made, mended, and read as it is now.
struct RootWorktree {
    let place: RootPlace
    let repository: Repository

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
        if try repository.worktree(named: place.worktreeName) == nil {
            throw ZentooError(
                .damaged, "the work tree '\(place.tree)' is not one of this repository",
                hints: [
                    "save what is to be kept of it, then remove it: the next 'git zentoo enter "
                        + "\(place.name)' checks the branch out again"
                ])
        }
        let isMended = try repository.linkWorktree(place.worktreeName, at: place.tree)
        let branch = try repository.branch(ofWorktree: place.worktreeName)
        let own = try RootBranch.reference(of: place.name)
        guard branch == own else {
            throw ZentooError(
                .busy,
                "the work tree of root '\(place.name)' has "
                    + (branch?.branchName.map { "branch '\($0)'" } ?? "no branch")
                    + " checked out",
                hints: ["git -C '\(place.tree)' checkout \(own.branchName ?? "")"])
        }
        return isMended ? .linked : .none
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
