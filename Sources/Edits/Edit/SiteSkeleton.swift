internal import Files
internal import Sites
package import SystemPackage

/// The initial content of a new site: a directory with the files of each
/// branch.
///
///     main/                 the site's branch, whatever its name
///     portage/<name>/       the branch portage/<name>
///     buildhooks/<name>/    the branch buildhooks/<name>
package struct SiteSkeleton: Sendable, Hashable {
    /// A branch other than the site's own.
    package struct Branch {
        /// Its name, without `refs/heads/`.
        package let name: String
        /// The directory of its files.
        package let directory: FilePath
    }

    /// The directory of the skeleton.
    package let directory: FilePath

    /// The directory of the site branch's files.
    package var main: FilePath { directory.appending("main") }

    /// Creates a skeleton from a directory.
    ///
    /// - Throws: ``ZentooError`` if it has no directory `main`.
    package init(_ directory: FilePath) throws {
        self.directory = directory
        guard
            try FileStatus.of(directory.appending("main"), followingLinks: true)?.kind
                == .directory
        else {
            throw ZentooError(
                .notFound, "template '\(directory)' is no site's skeleton: it has no 'main'",
                hints: ["name one with --template, or in the environment as ZENTOO_TEMPLATE_DIR"])
        }
    }

    /// Returns the portage and buildhooks branches, sorted by name within each
    /// kind.
    ///
    /// - Throws: ``ZentooError`` if the name of a directory is not a valid
    ///   name.
    package func branches() throws -> [Branch] {
        try [BranchKind.buildhooks, .portage].flatMap { kind in
            let folder = directory.appending(kind.rawValue)
            return try Directory.names(in: folder).map { component in
                let name = try ZentooName(component.string)
                return Branch(name: kind.branch(name), directory: folder.appending(component))
            }
        }
    }

    /// Returns the skeleton's only branch of a kind, as the start of a new one.
    ///
    /// - Throws: ``ZentooError`` if the skeleton has none or several.
    func branch(of kind: BranchKind) throws -> Branch {
        let found = try branches().filter { $0.name.hasPrefix(kind.rawValue + "/") }
        guard let only = found.first, found.count == 1 else {
            throw ZentooError(
                .ambiguous, "template '\(directory)' has \(found.count) \(kind.rawValue) branches",
                hints: ["say which branch to begin with: --from NAME"])
        }
        return only
    }
}
