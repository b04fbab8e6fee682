internal import Files
internal import Sites
package import SystemPackage

/// What a new site begins with: a directory with the files of each branch.
///
///     main/                 the site's branch, whatever its name
///     portage/<name>/       the branch portage/<name>
///     buildhooks/<name>/    the branch buildhooks/<name>
package struct SiteSkeleton: Sendable, Hashable {
    /// A branch beside the site's own.
    package struct Branch {
        /// Its name, without `refs/heads/`.
        package let name: String
        /// Where its files lie.
        package let directory: FilePath
    }

    /// Where it lies.
    package let directory: FilePath

    /// The site branch's files.
    package var main: FilePath { directory.appending("main") }

    /// Takes a directory as skeleton.
    ///
    /// - Throws: ``ZentooError`` when it is none.
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

    /// The portage and buildhooks branches, sorted by name.
    ///
    /// - Throws: ``ZentooError`` for a directory whose name is no name.
    package func branches() throws -> [Branch] {
        try [BranchKind.buildhooks, .portage].flatMap { kind in
            let folder = directory.appending(kind.rawValue)
            return try Directory.names(in: folder).map { component in
                let name = try ZentooName(component.string)
                return Branch(name: kind.branch(name), directory: folder.appending(component))
            }
        }
    }

    /// The skeleton's own branch of a kind, for a new one to begin with.
    ///
    /// - Throws: ``ZentooError`` when the skeleton has none, or several.
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
