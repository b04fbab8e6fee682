internal import ArgumentParser
internal import Git
internal import Zentoo

/// `git zentoo portage new`
struct PortageNew: Command {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a portage branch, of another one or of the template",
        discussion: """
            A branch made of another one shares its history, so that 'git merge' carries \
            later changes from one to the other.
            """)

    @Argument(help: ArgumentHelp("The branch is portage/<name>", valueName: "name"))
    var name: String

    @OptionGroup var origin: OriginOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let name = try ZentooName(name)
        let origin = try origin.origin(in: context)
        let session = try await Session.open(context, site)
        let commit = try await session.partMaker().makeBranch(name, .portage, from: origin)
        let branch = BranchKind.portage.branch(name)
        try context.output.report(
            MadePart(
                part: branch, branch: branch, commit: commit.description,
                origin: self.origin.shown), as: format.format)
    }
}
