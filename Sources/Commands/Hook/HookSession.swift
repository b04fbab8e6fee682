internal import Builds
internal import Git
internal import Server
internal import Sites
internal import SystemPackage

/// The session of a command that git runs as a hook: the repository that git
/// names, including the quarantined objects of a push that is not accepted yet.
///
/// Not Sendable because the repository is not: each command has its own
/// session.
struct HookSession {
    let context: CommandContext
    let repository: Repository
    let configuration: Configuration
    let settings: Settings
    let sites: [ZentooName]
    let pusher: String

    /// Opens the repository in which git started this process.
    ///
    /// - Throws: `GitError` if there is none; `Errno`.
    static func open(_ context: CommandContext) async throws -> HookSession {
        let place = context.resolve(context.environment["GIT_DIR"] ?? ".")
        // Determined before becomeOwner changes the account.
        let name = Pusher.name(
            environment: context.environment, account: Platform.userName(), repository: place)
        var context = context
        context.environment = try Platform.becomeOwner(of: place, context.environment)
        let git = GitProgram(environment: context.environment)
        let repository = try Repository.open(
            environment: context.environment, directory: context.workingDirectory)
        let configuration = try await git.configuration(gitDirectory: repository.gitDirectory)
        Platform.share(as: configuration.string("core.sharedRepository"))
        let settings = try Settings(configuration, repository: repository)
        return HookSession(
            context: context, repository: repository, configuration: configuration,
            settings: settings, sites: try settings.served(in: repository), pusher: name)
    }

    /// Reads the list of changed references that git passes to the hook.
    ///
    /// - Throws: `ZentooError` for input that git never produces; `Errno`.
    func push() throws -> Push { try Push(context.readInput(limit: Push.largestInput)) }
}
