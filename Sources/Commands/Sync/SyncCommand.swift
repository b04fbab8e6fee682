internal import ArgumentParser
internal import Builds
internal import Sites

/// `git zentoo sync`
struct SyncCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Pin the ebuild repositories to the current revisions of their sources",
        discussion: """
            Looks up each repository of config/repos and writes its revision to \
            config/zentoo.lock, in one commit on the site's branch. Builds use the pinned \
            revisions, regardless of later changes of the sources.
            """)

    @Argument(help: ArgumentHelp("Repositories to pin; defaults to all", valueName: "name"))
    var names: [String] = []

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let editor = SiteEditor(try session.site(), machine: try await session.machine())
        let names = try names.map(ZentooName.init)
        let pins = try await context.output.withProgress("pinning repositories") { meter in
            try await editor.synchronize(names) { event in
                BuildProgress.show(event, of: nil, meter: meter, output: context.output)
            }
        }
        try context.output.report(SyncSummary(repositories: pins), as: format.format)
    }
}

private struct SyncSummary: Report {
    let repositories: [SiteEditor.Pin]

    var page: Page {
        var page = Page()
        for pin in repositories {
            page.line(
                pin.old == pin.new
                    ? "\(pin.name): \(pin.new.description), as before"
                    : "\(pin.name): \(pin.old?.description ?? "new") -> \(pin.new.description)")
        }
        return page
    }
}
