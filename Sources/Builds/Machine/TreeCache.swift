internal import Files
package import Git
package import Sites
package import SystemPackage

/// Trees of the repository as mountable directories, each written once and
/// named by its id.
package struct TreeCache {
    let directory: FilePath
    let repository: Repository

    /// Creates the cache of a repository's trees in a state directory.
    package init(_ state: StateDirectory, _ repository: Repository) {
        directory = state.cache.appending("trees")
        self.repository = repository
    }

    /// Returns the directory that holds `tree`, which is written if it is
    /// missing.
    package func path(of tree: ObjectID) throws -> FilePath {
        let path = directory.appending(tree.description)
        if try FileStatus.of(path) != nil { return path }
        try Directory.create(directory)
        do {
            try repository.export(tree: tree, to: path)
        } catch let error as GitError where error.code == .conflict {
            // Another process has written the same bytes meanwhile.
        }
        return path
    }
}
