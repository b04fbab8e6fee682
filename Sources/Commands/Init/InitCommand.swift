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
        abstract: "Create a site repository, or add a site to an existing one",
        discussion: """
            Creates a small site that can be built: one cpu, portage/base, buildhooks/default \
            and one set. Existing branches and files are not changed. Run the command again to \
            add what is missing, including the settings of new remotes. In a bare repository \
            it also installs the hooks of a server, as 'git zentoo hook install' does.
            """)

    @Flag(help: "Create a bare repository, as on a server")
    var bare = false

    @Option(
        help: ArgumentHelp("Use the template in this directory", valueName: "directory"))
    var template: String?

    @Option(
        name: .customLong("site"),
        help: ArgumentHelp(
            "Branch of the site; defaults to the current branch", valueName: "branch"))
    var site: String?

    @Argument(
        help: ArgumentHelp(
            "Directory of the repository; defaults to the current repository, else the current "
                + "directory",
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
