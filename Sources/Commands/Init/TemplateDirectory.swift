internal import Edits
internal import Files
internal import Sites
internal import SystemPackage

/// The directory of a site's skeleton, found as git finds its templates
/// (git-init(1), TEMPLATE DIRECTORY).
enum TemplateDirectory {
    private static let variable = "ZENTOO_TEMPLATE_DIR"

    /// Returns the skeleton that is named, else the one of the environment,
    /// else the one installed with this program, else, for a program in the
    /// `.build` of a checkout, the checkout's own.
    ///
    /// - Throws: `ZentooError` if there is none.
    static func skeleton(named name: String?, in context: CommandContext) throws -> SiteSkeleton {
        if let named = name ?? context.environment[variable], !named.isEmpty {
            return try SiteSkeleton(context.resolve(named))
        }
        let candidates = candidates(for: context.executable)
        for candidate in candidates
        where try FileStatus.of(candidate, followingLinks: true) != nil {
            return try SiteSkeleton(candidate)
        }
        throw ZentooError(
            .notFound, "the skeleton of a site is not installed",
            hints: [
                "name its directory with --template or in \(variable); looked for "
                    + candidates.map(\.string).joined(separator: " and ")
            ])
    }

    static func candidates(for executable: FilePath) -> [FilePath] {
        let folder = executable.removingLastComponent()
        var found = [folder.pushing("../share/git-zentoo/site").lexicallyNormalized()]
        let components = executable.components
        if let build = components.firstIndex(of: ".build") {
            found.append(
                FilePath(root: executable.root, components[..<build]).appending("config/site"))
        }
        return found
    }
}
