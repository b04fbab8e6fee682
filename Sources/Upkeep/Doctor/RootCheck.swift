internal import Files
package import Git
internal import Roots
package import Sites
internal import SystemPackage

/// The check that the roots are where git expects them.
package struct RootCheck {
    let repository: Repository
    let state: StateDirectory

    /// Creates a check of the roots of a repository and this machine's state
    /// directory.
    package init(_ repository: Repository, state: StateDirectory) {
        self.repository = repository
        self.state = state
    }

    /// Returns a finding for each root with a problem, or one that says that
    /// all are in order; none when there are no roots.
    ///
    /// - Throws: `GitError`, `FileError`.
    package func findings() throws -> [Finding] {
        let names = try RootBranch.names(in: repository)
        let stray = try Directory.names(in: state.roots).map(\.string)
            .filter { name in !names.contains { $0.text == name } }
        let bad =
            try names.compactMap { try finding(of: RootPlace($0, in: state)) }
            + stray.map {
                Finding(
                    .warn, "root", "'\($0)' has a directory and no branch any more",
                    hints: ["git zentoo root remove \($0)"])
            }
        guard bad.isEmpty, !names.isEmpty else { return bad }
        return [
            Finding(.ok, "roots", names.count == 1 ? "1, in order" : "\(names.count), in order")
        ]
    }

    private func finding(of place: RootPlace) throws -> Finding? {
        let worktree = try repository.worktree(named: place.worktreeName)
        guard try FileStatus.of(place.tree) != nil else {
            // A clone has the branches of roots on other machines.
            guard worktree != nil else { return nil }
            return Finding(
                .warn, "root", "the work tree of '\(place.name)' is gone",
                hints: ["'git zentoo enter \(place.name)' checks it out again"])
        }
        guard worktree != nil else {
            return Finding(
                .warn, "root", "git does not know the work tree '\(place.tree)'",
                hints: ["save what is to be kept of it, then remove it"])
        }
        do {
            guard try !repository.isWorktreeLinked(place.worktreeName, at: place.tree) else {
                return try RootWorktree(place: place, repository: repository).obstacle().map {
                    Finding(
                        .warn, "root", $0,
                        hints: [
                            "git -C '\(place.tree)' checkout \(RootBranch.prefix)/\(place.name)"
                        ])
                }
            }
        } catch let error as GitError where error.code == .conflict {
            return Finding(.warn, "root", error.message, hints: error.hints)
        }
        return Finding(
            .warn, "root", "'\(place.name)', or the repository, was moved",
            hints: ["git zentoo repair"])
    }

    /// Repairs the work trees that were moved, or whose repository was.
    ///
    /// - Returns: the roots that were repaired.
    /// - Throws: `GitError`, `FileError`.
    func mend() throws -> [ZentooName] {
        try RootBranch.names(in: repository).filter { name in
            let place = RootPlace(name, in: state)
            guard try FileStatus.of(place.tree) != nil,
                try repository.worktree(named: place.worktreeName) != nil
            else { return false }
            do {
                return try repository.linkWorktree(place.worktreeName, at: place.tree)
            } catch let error as GitError where error.code == .conflict {
                // It belongs to another repository; doctor reports it.
                return false
            }
        }
    }
}
