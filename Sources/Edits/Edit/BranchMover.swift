internal import Exec
package import Git
internal import Sites
package import SystemPackage

/// Moves several branches in one transaction, and updates the work trees that
/// have them checked out.
///
/// Work trees are updated as by `git merge`: uncommitted changes are kept, and
/// if they are in the way nothing is moved. The files are updated first and the
/// branches last: if the process is killed in between, the work tree shows the
/// new content as staged changes, so that nobody reverts it by accident.
package struct BranchMover {
    let repository: Repository
    let git: GitProgram
    /// The work trees, by the branch that they have checked out.
    let worktrees: [String: FilePath]

    /// Creates a mover of branches of a repository and of their work trees.
    package init(repository: Repository, git: GitProgram, worktrees: [String: FilePath]) {
        self.repository = repository
        self.git = git
        self.worktrees = worktrees
    }

    /// The update of a work tree whose branch moves.
    private struct Step {
        let branch: String
        let place: FilePath
        let old: ObjectID
        let new: ObjectID
    }

    /// Moves branches, each from its expected commit.
    ///
    /// - Parameters:
    ///   - changes: the branches with their expected and new commits.
    ///   - message: the line for the reflogs.
    /// - Throws: ``ZentooError`` of code `busy` if changes in a work tree are
    ///   in the way or a branch was moved meanwhile; nothing is moved then.
    package func move(_ changes: [RefChange], message: String) async throws {
        let steps = changes.compactMap { change -> Step? in
            guard let branch = change.name.branchName, let place = worktrees[branch],
                case .value(let old) = change.expecting, let new = change.target
            else { return nil }
            return Step(branch: branch, place: place, old: old, new: new)
        }
        for step in steps { try await follow(step, isTrial: true) }
        var done: [Step] = []
        do {
            for step in steps {
                try await follow(step)
                done.append(step)
            }
            try repository.transaction(changes, message: message)
        } catch {
            for step in done.reversed() { try? await readTree(step.new, step.old, step.place) }
            guard let refused = error as? GitError, refused.code == .conflict else { throw error }
            throw ZentooError(
                .busy, "a branch changed meanwhile: \(refused.message)",
                hints: ["run the command again"])
        }
    }

    private func follow(_ step: Step, isTrial: Bool = false) async throws {
        if isTrial {
            // Refreshes the index, so that files with changed times but the
            // same content do not count as changed.
            _ = try await git.invocation(
                ["update-index", "-q", "--refresh"], directory: step.place
            ).run()
        }
        do {
            try await readTree(step.old, step.new, step.place, isTrial ? ["--dry-run"] : [])
        } catch let error as ExecError {
            guard case .failed = error.code else { throw error }
            throw ZentooError(
                .busy,
                "branch '\(step.branch)' is checked out at '\(step.place)', with changes in the way",
                hints: error.detail.split(separator: "\n").map { "git: \($0)" }
                    + ["commit them, or put them away: 'git -C \(step.place) stash'"])
        }
    }

    /// Updates files and index from one commit to another (git-read-tree(1)).
    private func readTree(
        _ old: ObjectID, _ new: ObjectID, _ place: FilePath, _ options: [String] = []
    ) async throws {
        try await git.run(
            ["read-tree", "-m", "-u"] + options + ["\(old)", "\(new)"], directory: place)
    }
}
