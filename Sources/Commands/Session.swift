internal import Builds
internal import Git
internal import Sites
internal import SystemPackage

/// What a command works with: the repository it was called in, and what git's
/// configuration says there.
///
/// Not Sendable, as the repository is not: one command, one session.
struct Session {
    let context: CommandContext
    let repository: Repository
    let git: GitProgram
    let configuration: Configuration
    let settings: Settings
    let siteName: ZentooName

    /// Opens the repository that git would use here.
    ///
    /// - Throws: `GitError` when there is none; `ZentooError` when it is not
    ///   clear which site is meant.
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

    /// The names of the repository's sites.
    func sites() throws -> [ZentooName] {
        settings.sites.isEmpty ? [siteName] : try settings.sites.map { try ZentooName($0) }
    }

    /// The site as its branch is now.
    ///
    /// - Parameter storing: whether what is composed of it is stored in the
    ///   repository, which many tuples have to do without to be quick.
    func site(storing: Bool = true) throws -> Site {
        try Site(
            siteName, in: storing ? repository : repository.withObjectsInMemory(),
            remote: settings.remote(of: siteName), state: settings.state)
    }
}
