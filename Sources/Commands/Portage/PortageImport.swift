internal import ArgumentParser
internal import Edits
internal import Sites

/// `git zentoo portage import`
struct PortageImport: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Create a portage branch from an existing /etc/portage",
        discussion: """
            Imports the directory unchanged, including symbolic links and executable bits, and \
            reports everything that git does not store. If the branch exists, the import is \
            added as a commit. With --cpu, compiler flags and CPU_FLAGS_* are moved from \
            make.conf and package.use to config/cpu/<cpu> on the site's branch, and the diff \
            is shown; one branch can then serve machines with different processors.
            """)

    @Argument(help: ArgumentHelp("Name of the branch, without 'portage/'", valueName: "name"))
    var name: String

    @Argument(
        help: ArgumentHelp("Directory to import, such as /etc/portage", valueName: "directory"))
    var directory: String

    @Option(
        help: ArgumentHelp("Move settings of the processor to config/cpu/<cpu>", valueName: "cpu"))
    var cpu: String?

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let name = try ZentooName(name)
        let cpu = try cpu.map { try ZentooName($0) }
        let session = try await Session.open(context, site)
        let result = try await session.importer().importPortage(
            name, from: context.resolve(directory),
            cpu: cpu.map { (name: $0, site: try session.site()) })
        let summary = ImportSummary(result: result)
        try context.output.report(summary, as: format.format)
        summary.warn(context.output)
    }
}
