package import SystemPackage

extension StateDirectory {
    /// The directory of the ebuild repositories on this machine, by name.
    package var repositories: FilePath { path.appending("repos") }

    /// Returns the directory of one of them.
    package func repository(_ name: ZentooName) -> FilePath {
        repositories.appending("\(name)")
    }

    /// Returns the path of a repository's complete copy at one revision; it
    /// need not exist.
    package func repository(_ name: ZentooName, at revision: RepositoryRevision) -> FilePath {
        repository(name).appending(revision.fileName).appending("tree")
    }
}
