internal import ArgumentParser
internal import Edits
internal import Sites

/// `git zentoo buildhooks import`
struct BuildhooksImport: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Create a buildhooks branch from a directory",
        discussion: """
            Imports the directory unchanged, including symbolic links and executable bits. git \
            does not store owners, empty directories, or modes other than 0644 and 0755. Each \
            of these is reported, with the line for the file 'modes' that preserves it.
            """)

    @Argument(help: ArgumentHelp("Name of the branch, without 'buildhooks/'", valueName: "name"))
    var name: String

    @Argument(
        help: ArgumentHelp("Directory with copy/, premerge.d/ and so on", valueName: "directory"))
    var directory: String

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let name = try ZentooName(name)
        let session = try await Session.open(context, site)
        let summary = ImportSummary(
            result: try await session.importer().importBuildhooks(
                name, from: context.resolve(directory)))
        try context.output.report(summary, as: format.format)
        summary.warn(context.output)
    }
}
