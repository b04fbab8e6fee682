internal import Exec
package import Git
internal import Sites
package import SystemPackage

/// Moves several branches at once, or none, and the files of those that are
/// checked out with them.
///
/// Work trees follow as in `git merge`: what somebody changed there and has not
/// committed stays, and where it is in the way nothing is moved. The files come
/// first and the branches last: killed between, a work tree shows as staged
/// what the branches do not say yet, and nobody commits the contrary of it
/// unawares.
package struct BranchMover {
    let repository: Repository
    let git: GitProgram
    /// The work trees, by the branch they have checked out.
    let worktrees: [String: FilePath]

    /// Moves branches of a repository and the work trees that follow them.
    package init(repository: Repository, git: GitProgram, worktrees: [String: FilePath]) {
        self.repository = repository
        self.git = git
        self.worktrees = worktrees
    }

    /// A work tree that follows its branch.
    private struct Step {
        let branch: String
        let place: FilePath
        let old: ObjectID
        let new: ObjectID
    }

    /// Moves branches, each from where it is expected to be.
    ///
    /// - Parameter message: the line for the reflogs.
    /// - Throws: ``ZentooError`` of code `busy` when changes in a work tree are
    ///   in the way, or a branch was moved meanwhile: nothing is moved then.
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
            // What was only touched is not changed; only git can tell.
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

    /// Brings files and index from one commit to another, git-read-tree(1).
    private func readTree(
        _ old: ObjectID, _ new: ObjectID, _ place: FilePath, _ options: [String] = []
    ) async throws {
        try await git.run(
            ["read-tree", "-m", "-u"] + options + ["\(old)", "\(new)"], directory: place)
    }
}
