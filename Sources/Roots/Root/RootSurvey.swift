internal import Files
package import Git
internal import Records
package import Sites
internal import SystemPackage

/// The roots of a repository, and what this machine has of them. Nothing is
/// changed, so nothing is mended either.
package struct RootSurvey {
    let repository: Repository
    let state: StateDirectory

    /// Looks at the roots of `repository`.
    package init(_ repository: Repository, state: StateDirectory) {
        self.repository = repository
        self.state = state
    }

    /// The names of all roots, sorted.
    ///
    /// - Throws: `GitError`.
    package func names() throws -> [ZentooName] { try RootBranch.names(in: repository) }

    /// Where a root lies on this machine.
    package func place(of name: ZentooName) -> RootPlace { RootPlace(name, in: state) }

    /// One root.
    ///
    /// - Throws: ``ZentooError`` when there is none of this name, or its branch
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
    /// The directory of the changes that were kept, if they are there.
    func keptLayer(_ settings: RootSettings) throws -> FilePath? {
        guard let kept = settings.kept else { return nil }
        let layer = state.path.appending("jobs").appending(kept.job)
        return try FileStatus.of(layer) == nil ? nil : layer
    }

    /// The packages of its own, sorted: `flavour/category/name/file`.
    func ownPackages() throws -> [String] {
        try Directory.names(in: binpkgs).flatMap { flavour in
            try PackageDirectory.sizes(in: binpkgs.appending(flavour)).keys.sorted()
                .map { "\(flavour.string)/\($0)" }
        }
    }
}
