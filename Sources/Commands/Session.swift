internal import Builds
internal import Git
internal import Sites
internal import SystemPackage

/// The session of a command: the repository it was called in, and git's
/// configuration there.
///
/// Not Sendable because the repository is not: each command has its own
/// session.
struct Session {
    let context: CommandContext
    let repository: Repository
    let git: GitProgram
    let configuration: Configuration
    let settings: Settings
    let siteName: ZentooName

    /// Opens the repository that git would use here.
    ///
    /// - Throws: `GitError` if there is none; `ZentooError` if it is not clear
    ///   which site is meant.
    static func open(_ context: CommandContext, _ site: SiteOptions) async throws -> Session {
        let git = GitProgram(environment: context.environment)
        let repository = try context.repository()
        let configuration = try await git.configuration(gitDirectory: repository.gitDirectory)
        Platform.share(as: configuration.string("core.sharedRepository"))
        let settings = try Settings(configuration, repository: repository)
        return Session(
            context: context, repository: repository, git: git, configuration: configuration,
            settings: settings, siteName: try settings.site(named: site.name, in: repository))
    }

    /// Returns the names of the repository's sites.
    func sites() throws -> [ZentooName] {
        settings.sites.isEmpty ? [siteName] : try settings.sites.map { try ZentooName($0) }
    }

    /// Returns the site at the current commit of its branch.
    ///
    /// - Parameter storing: whether the objects composed from it are stored in
    ///   the repository; with many tuples it is faster not to store them.
    func site(storing: Bool = true) throws -> Site {
        try Site(
            siteName, in: storing ? repository : repository.withObjectsInMemory(),
            remote: settings.remote(of: siteName), state: settings.state)
    }
}
