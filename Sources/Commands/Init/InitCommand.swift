internal import ArgumentParser
internal import Builds
internal import Exec
internal import Git
internal import Sites
internal import SystemPackage
internal import Upkeep

/// `git zentoo init`
struct InitCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a repository that describes a network, or make an existing one so",
        discussion: """
            Lays down a small site that builds: one cpu, portage/base, buildhooks/default and \
            one set. Branches and files that exist are left as they are, so the command can \
            be run again; it then adds what is missing, the settings of new remotes included. \
            A bare repository gets the hooks of a server, as 'git zentoo hook install' does.
            """)

    @Flag(help: "Make a repository without a work tree, as a server has it")
    var bare = false

    @Option(
        help: ArgumentHelp("Take the skeleton from this directory", valueName: "directory"))
    var template: String?

    @Option(
        name: .customLong("site"),
        help: ArgumentHelp("The site's branch; the current one by default", valueName: "branch"))
    var site: String?

    @Argument(
        help: ArgumentHelp(
            "Where; without one, the repository around the current directory, or else here",
            valueName: "directory"))
    var directory: String?

    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let skeleton = try TemplateDirectory.skeleton(named: template, in: context)
        let git = GitProgram(environment: context.environment)
        let name = try site.map { try ZentooName($0) }
        let place = RepositoryPlace(
            git: git, named: directory.map { context.resolve($0) },
            workingDirectory: context.workingDirectory, environment: context.environment,
            isBare: bare)
        let existing = try place.existing()
        // Checked before anything is created: git may not know the committer.
        let identity = try await Session.identity(
            git: git, gitDirectory: existing?.gitDirectory)
        let repository = if let existing { existing } else { try await place.create(branch: name) }
        let settings = try Settings(
            try await git.configuration(gitDirectory: repository.gitDirectory),
            repository: repository)
        let site = try settings.site(named: site, in: repository)
        let result = try await SiteInitializer(
            skeleton, in: repository, git: git, identity: identity,
            remote: settings.remote(of: site)
        ).run(site: site)
        try context.output.report(
            InitSummary(result, isNew: existing == nil, repository: repository),
            as: format.format)
    }
}
