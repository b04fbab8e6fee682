package import SystemPackage

extension StateDirectory {
    /// The ebuild repositories that this machine has, by name.
    package var repositories: FilePath { path.appending("repos") }

    /// What this machine has of one of them.
    package func repository(_ name: ZentooName) -> FilePath {
        repositories.appending("\(name)")
    }

    /// A repository's whole copy at one revision; it need not be there.
    package func repository(_ name: ZentooName, at revision: RepositoryRevision) -> FilePath {
        repository(name).appending(revision.fileName).appending("tree")
    }
}
