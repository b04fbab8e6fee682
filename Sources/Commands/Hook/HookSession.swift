internal import Builds
internal import Git
internal import Server
internal import Sites
internal import SystemPackage

/// What a command works with that git runs as a hook: the repository git names,
/// with the objects of the push that is not in yet.
///
/// Not Sendable, as the repository is not: one command, one session.
struct HookSession {
    let context: CommandContext
    let repository: Repository
    let configuration: Configuration
    let settings: Settings
    let sites: [ZentooName]
    let pusher: String

    /// Opens the repository this process was started in by git.
    ///
    /// - Throws: `GitError` when there is none.
    static func open(_ context: CommandContext) async throws -> HookSession {
        let place = context.resolve(context.environment["GIT_DIR"] ?? ".")
        // Before root is somebody else.
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

    /// What git tells of the push.
    ///
    /// - Throws: `ZentooError` for what git never tells.
    func push() throws -> Push { try Push(context.readInput(limit: Push.largestInput)) }
}
