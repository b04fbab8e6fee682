internal import ArgumentParser
internal import Roots
internal import Sites

/// `git zentoo patch prep`
struct PatchPrep: Command {
    static let configuration = CommandConfiguration(
        commandName: "prep",
        abstract: "Unpack the source of a package for editing",
        discussion: """
            Unpacks the version that emerge would choose in the root, as it is when user \
            patches are applied: after the ebuild's own patches and those that the root \
            already has. The source is a directory with a git repository of its own, which has \
            one commit; it is also visible in sessions of the root. 'git zentoo patch try' \
            builds the edited source, and 'git zentoo patch save' saves the changes as a patch \
            on the root's branch.
            """)

    @Argument(help: "Name of the root", completion: .roots)
    var root: String

    @Argument(help: "Package as category/name, category/name:slot or =category/name-version")
    var package: String

    @Option(
        help: ArgumentHelp(
            "Edit this user patch: its changes are applied but not committed, and later "
                + "patches are left out",
            valueName: "name"))
    var edit: String?

    @Flag(help: "Discard unsaved changes")
    var force = false

    @OptionGroup var engine: EngineOptions
    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let bench = try await session.patchBench(engine)
        let (package, root) = (try PatchPackage(package), try ZentooName(root))
        let edited = try edit.map { try PatchName($0) }
        let prepared = try await context.output.withProgress("preparing '\(package.package)'") {
            meter in
            try await bench.prepare(package, in: root, editing: edited, isForced: force) { event in
                BuildProgress.show(event, of: nil, meter: meter, output: context.output)
            }
        }
        try context.output.report(PreparedSourcePage(prepared: prepared), as: format.format)
        if prepared.isRejected {
            context.output.warning(
                """
                '\(prepared.work.edited ?? "")' does not apply to \(prepared.work.version); \
                what is left of it is in .rej files
                """)
            context.output.hint("make those changes by hand, and remove the .rej files")
        }
        if !prepared.leftOut.isEmpty {
            context.output.warning(
                """
                left out what git does not keep: \
                \(prepared.leftOut.prefix(5).joined(separator: ", "))\
                \(prepared.leftOut.count > 5 ? " and \(prepared.leftOut.count - 5) more" : "")
                """)
        }
    }
}

/// A prepared source.
struct PreparedSourcePage: Report {
    let prepared: PreparedSource

    func encode(to encoder: any Encoder) throws { try prepared.encode(to: encoder) }

    var page: Page {
        let work = prepared.work
        var page = Page()
        page.line("\(work.version, .strong): prepared in root \(work.root)")
        page.line("  source   \(work.source)")
        page.line("  in root  \(work.mountPoint)")
        if !work.over.isEmpty { page.line("  over     \(work.over.joined(separator: ", "))") }
        if let edited = work.edited { page.line("  editing  \(edited)") }
        return page
    }
}
