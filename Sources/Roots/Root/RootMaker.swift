package import Builds
internal import Engines
internal import Files
package import Git
package import Sites
internal import SystemPackage

/// Creates roots.
package struct RootMaker {
    let machine: Machine
    let site: Site

    /// Creates a maker of roots from the tuples of `site`.
    package init(machine: Machine, site: Site) {
        self.machine = machine
        self.site = site
    }

    /// Creates a root: a branch at a tuple commit, checked out. Nothing else is
    /// unpacked or copied.
    ///
    /// - Parameters:
    ///   - tuple: the tuple as the user wrote it.
    ///   - stage: a stage of the site to use instead of the tuple's.
    /// - Throws: ``ZentooError``, `GitError`, `FileError`; no root is created
    ///   in that case.
    package func make(_ name: ZentooName, of tuple: String, stage: String?) async throws -> NewRoot
    {
        let commit = try TupleComposer(site).compose(site.tuple(named: tuple))
        var settings = RootSettings()
        settings.stage = try stage.map(pinned)
        let place = RootPlace(name, in: machine.state)
        return try await RootLock.holding(place, "it is being made") {
            try await claim(place, at: commit.commit, settings)
            return NewRoot(
                name: name, tuple: commit.tuple.text, commit: commit.commit,
                branch: "\(RootBranch.prefix)/\(name)", tree: place.tree.string,
                stage: (settings.stage ?? commit.stage).name)
        }
    }

    /// Creates the branch first to claim the name: git lets only one process
    /// create it.
    private func claim(
        _ place: RootPlace, at commit: ObjectID, _ settings: RootSettings
    ) async throws {
        let branch = try RootBranch.reference(of: place.name)
        let repository = site.repository
        guard try repository.resolve(branch) == nil else {
            throw ZentooError(
                .exists, "root '\(place.name)' already exists",
                hints: [
                    "'git zentoo enter \(place.name)' enters it, "
                        + "'git zentoo root remove \(place.name)' removes it"
                ])
        }
        guard try FileStatus.of(place.directory) == nil else {
            throw ZentooError(
                .exists, "the branch of root '\(place.name)' is gone, but not '\(place.directory)'",
                hints: ["git zentoo root remove \(place.name)"])
        }
        try repository.set(
            branch, to: commit, expecting: .absent, message: "zentoo: new root \(place.name)")
        do {
            try Directory.create(place.directory)
            try settings.write(to: place)
            try RootWorktree(place: place, repository: repository).make()
        } catch {
            // Errors of the clean-up must not hide the original one.
            try? await machine.privileges.removeTree(place.directory)
            _ = try? repository.removeWorktree(place.worktreeName)
            _ = try? repository.delete(branch, expecting: .value(commit))
            throw error
        }
    }

    private func pinned(_ text: String) throws -> ComposedStage {
        let name = try ZentooName(text)
        guard let locked = site.lock.stages[name] else {
            throw ZentooError(
                .notFound, "stage '\(name)' has never been added",
                hints: [
                    "add it with 'git zentoo stage add \(name)'",
                    Site.known("stage", site.lock.stages.keys.sorted()),
                ])
        }
        return ComposedStage(name: name, digest: locked.digest)
    }
}

/// A newly created root.
package struct NewRoot: Sendable, Hashable, Codable {
    /// Its name.
    package let name: ZentooName
    /// The tuple that it was created from.
    package let tuple: String
    /// That tuple's commit, where the branch starts.
    package let commit: ObjectID
    /// The branch.
    package let branch: String
    /// The directory where the branch is checked out.
    package let tree: String
    /// The stage that the root uses.
    package let stage: ZentooName
}
