internal import Files
package import Git
package import Sites
package import SystemPackage

/// Trees of the repository as directories that can be mounted, each written
/// once and known by its id.
package struct TreeCache {
    let directory: FilePath
    let repository: Repository

    /// The trees of a repository in a state directory.
    package init(_ state: StateDirectory, _ repository: Repository) {
        directory = state.cache.appending("trees")
        self.repository = repository
    }

    /// The directory that holds `tree`, written now if it is not there yet.
    package func path(of tree: ObjectID) throws -> FilePath {
        let path = directory.appending(tree.description)
        if try FileStatus.of(path) != nil { return path }
        try Directory.create(directory)
        do {
            try repository.export(tree: tree, to: path)
        } catch let error as GitError where error.code == .conflict {
            // Somebody else wrote the same bytes meanwhile.
        }
        return path
    }
}
