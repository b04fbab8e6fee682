package import Builds
internal import Engines
internal import Exec
internal import Files
internal import Git
package import Sites
internal import SystemPackage

/// Resets and removes roots.
package struct RootKeeper: Sendable {
    /// The parts to reset in addition to a kept session.
    package struct Reset: Sendable {
        /// The work tree, which is reset to the branch's head.
        package var tree: Bool
        /// The root's own packages.
        package var packages: Bool
        /// The patch work, saved or not.
        package var patches: Bool

        /// Creates a selection of parts.
        package init(tree: Bool, packages: Bool, patches: Bool) {
            self.tree = tree
            self.packages = packages
            self.patches = patches
        }
    }

    let machine: Machine

    /// Creates a keeper of the roots on `machine`.
    package init(machine: Machine) { self.machine = machine }

    /// Discards what a session has kept, and the parts selected by `reset`.
    ///
    /// - Returns: what was discarded, a few words each.
    /// - Throws: ``ZentooError``, `EngineError`, `GitError`, `FileError`.
    package func reset(_ name: ZentooName, _ reset: Reset) async throws -> [String] {
        let place = RootPlace(name, in: machine.state)
        return try await RootLock.holding(place, "it is being reset") {
            let repository = try Repository.open(machine.repository)
            _ = try RootBranch(name, in: repository)
            var done: [String] = []
            var settings = try RootSettings(of: place)
            if let layer = try place.keptLayer(settings) {
                try await machine.privileges.removeTree(layer)
                done.append("the kept changes")
            }
            if settings.kept != nil {
                settings.kept = nil
                try settings.write(to: place)
            }
            if reset.packages, try FileStatus.of(place.binpkgs) != nil {
                try await machine.privileges.removeTree(place.binpkgs)
                done.append("its own packages")
            }
            if reset.patches, try FileStatus.of(place.patches) != nil {
                try await machine.privileges.removeTree(place.patches)
                done.append("its patch work")
            }
            if reset.tree {
                let worktree = RootWorktree(place: place, repository: repository)
                try worktree.ensure()
                for command in [["reset", "--quiet", "--hard"], ["clean", "-ffdqx"]] {
                    try await machine.git.run(command, directory: place.tree)
                }
                done.append("what was not committed")
            }
            return done
        }
    }

    /// Removes a root: its branch, work tree, own packages and kept changes.
    /// Links out of its directory are not followed.
    ///
    /// - Parameter isForced: whether to remove it even if work is lost.
    /// - Throws: ``ZentooError``: `busy` when work would be lost or the root is
    ///   in use; `EngineError`, `GitError`, `FileError`.
    package func remove(_ name: ZentooName, isForced: Bool) async throws {
        let place = RootPlace(name, in: machine.state)
        try await RootLock.holding(place, "it is being removed") {
            let repository = try Repository.open(machine.repository)
            let branch = try RootBranch.reference(of: name)
            let head = try repository.resolve(branch)
            let remains = try FileStatus.of(place.directory) != nil
            if head != nil || !remains {
                if !isForced { try demandNothingToLose(name, in: repository) }
            }
            if let layer = try place.keptLayer(RootSettings(of: place)) {
                try await machine.privileges.removeTree(layer)
            }
            try await machine.privileges.removeTree(place.directory)
            try repository.removeWorktree(place.worktreeName)
            if let head { try repository.delete(branch, expecting: .value(head)) }
        }
    }

    private func demandNothingToLose(_ name: ZentooName, in repository: Repository) throws {
        let state = try RootSurvey(repository, state: machine.state).state(of: name)
        let changes = state.changes?.count ?? 0
        let branch = try RootBranch(name, in: repository)
        var losses: [String] = []
        if changes > 0 {
            losses.append(
                changes == 1
                    ? "1 file that is not committed" : "\(changes) files that are not committed")
        }
        if !branch.isUnchanged {
            losses.append(
                state.ahead == 1
                    ? "1 commit that was not promoted"
                    : "\(state.ahead) commits that were not promoted")
        }
        let unsaved = state.patches.filter { !$0.changes.isEmpty }.map(\.package)
        if !unsaved.isEmpty {
            losses.append("unsaved patch work on \(unsaved.joined(separator: ", "))")
        }
        guard losses.isEmpty else {
            throw ZentooError(
                .busy, "root '\(name)' has " + losses.joined(separator: " and "),
                hints: [
                    "'git zentoo root diff \(name)' shows what is on the branch and in its work "
                        + "tree, 'git zentoo root promote \(name)' carries it back",
                    "'git zentoo patch save \(name) NAME' saves patch work",
                    "--force throws all of it away",
                ])
        }
    }
}
