package import Builds
internal import Engines
internal import Files
package import Git
package import Sites
internal import SystemPackage

/// Makes roots.
package struct RootMaker {
    let machine: Machine
    let site: Site

    /// Makes roots of tuples of `site`.
    package init(machine: Machine, site: Site) {
        self.machine = machine
        self.site = site
    }

    /// Makes a root: a branch at the commit of a tuple, checked out. Nothing
    /// is unpacked or copied.
    ///
    /// - Parameters:
    ///   - tuple: as the user wrote it.
    ///   - stage: one of the site's, instead of the tuple's.
    /// - Throws: ``ZentooError``, `GitError`, `FileError`; then there is no
    ///   root of this name.
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

    /// The name is claimed first, by the branch: git lets only one have it.
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
            // The error that was first is the one to tell.
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

/// A root that was made.
package struct NewRoot: Sendable, Hashable, Codable {
    /// Its name.
    package let name: ZentooName
    /// The tuple it was made of.
    package let tuple: String
    /// That tuple's commit, where the branch begins.
    package let commit: ObjectID
    /// The branch.
    package let branch: String
    /// The directory where the branch is checked out.
    package let tree: String
    /// What the root lies over.
    package let stage: ZentooName
}
