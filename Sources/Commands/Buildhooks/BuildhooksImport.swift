internal import ArgumentParser
internal import Edits
internal import Sites

/// `git zentoo buildhooks import`
struct BuildhooksImport: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a branch of a directory of buildhooks",
        discussion: """
            Takes the directory as it is, links and executables included. git keeps neither \
            owners, nor modes but 0644 and 0755, nor empty directories: each of those is \
            told, with the line for the file 'modes' that keeps it.
            """)

    @Argument(help: ArgumentHelp("The branch is buildhooks/<name>", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("With copy/, premerge.d/ and so on", valueName: "directory"))
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
