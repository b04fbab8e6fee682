internal import ArgumentParser
internal import Edits
internal import Sites

/// `git zentoo portage import`
struct PortageImport: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a branch of an /etc/portage that exists",
        discussion: """
            Takes the directory as it is, links and executables included, and tells \
            everything that git does not keep. Into a branch that exists it goes as one more \
            commit. With --cpu, compiler flags and CPU_FLAGS_* move out of make.conf and \
            package.use to config/cpu/<cpu> on the site's branch, and the diff is shown; so \
            one branch can serve machines with different processors.
            """)

    @Argument(help: ArgumentHelp("The branch is portage/<name>", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("Such as /etc/portage", valueName: "directory"))
    var directory: String

    @Option(
        help: ArgumentHelp("Move what belongs to a cpu to config/cpu/<cpu>", valueName: "cpu"))
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
