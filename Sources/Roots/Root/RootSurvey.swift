internal import Files
package import Git
internal import Records
package import Sites
internal import SystemPackage

/// Read-only access to the roots of a repository and their state on this
/// machine; not even repairs are made.
package struct RootSurvey {
    let repository: Repository
    let state: StateDirectory

    /// Creates a survey of the roots of `repository`.
    package init(_ repository: Repository, state: StateDirectory) {
        self.repository = repository
        self.state = state
    }

    /// Returns the names of all roots, sorted.
    ///
    /// - Throws: `GitError`.
    package func names() throws -> [ZentooName] { try RootBranch.names(in: repository) }

    /// Returns the location of a root on this machine.
    package func place(of name: ZentooName) -> RootPlace { RootPlace(name, in: state) }

    /// Returns the current state of a root.
    ///
    /// - Throws: ``ZentooError`` when no root has this name, or its branch
    ///   cannot be read; `GitError`, `FileError`.
    package func state(of name: ZentooName) throws -> RootState {
        let place = place(of: name)
        let branch = try RootBranch(name, in: repository)
        let settings = try RootSettings(of: place)
        let worktree = RootWorktree(place: place, repository: repository)
        var changes: [PathChange]?
        if try FileStatus.of(place.tree) != nil {
            changes = try repository.diffTrees(branch.tree, worktree.snapshot()).map(
                PathChange.init)
        }
        return RootState(
            name: name, branch: branch.shownRef, head: branch.head, tuple: branch.base.tuple,
            base: branch.base.commit, ahead: branch.commits.count,
            stage: settings.stage.map { "\($0.name) sha256:\($0.digest)" },
            tree: place.tree.string, changes: changes, obstacle: try worktree.obstacle(),
            isKept: try place.keptLayer(settings) != nil, packages: try place.ownPackages(),
            patches: try PatchSurvey(state: self.state).works(in: name),
            holder: try RootLock.holder(of: place))
    }
}

extension RootPlace {
    /// Returns the directory of the kept changes, if it exists.
    func keptLayer(_ settings: RootSettings) throws -> FilePath? {
        guard let kept = settings.kept else { return nil }
        let layer = state.path.appending("jobs").appending(kept.job)
        return try FileStatus.of(layer) == nil ? nil : layer
    }

    /// Returns the root's own packages, sorted: `flavour/category/name/file`.
    func ownPackages() throws -> [String] {
        try Directory.names(in: binpkgs).flatMap { flavour in
            try PackageDirectory.sizes(in: binpkgs.appending(flavour)).keys.sorted()
                .map { "\(flavour.string)/\($0)" }
        }
    }
}
