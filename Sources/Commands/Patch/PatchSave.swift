internal import ArgumentParser
internal import Builds
internal import Git
internal import Roots
internal import Sites

/// `git zentoo patch save`
struct PatchSave: Command {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Commit the changes of a source as a user patch in the root",
        discussion: """
            Commits etc/portage/patches/CATEGORY/PACKAGE/NAME.patch to the root's branch, and \
            nothing else of its work tree. 'git zentoo root promote' carries it to the portage \
            branch. The source is kept for further changes, which are then made on top of this \
            patch.
            """)

    @Argument(help: "Name of the root", completion: .roots)
    var root: String

    @Argument(help: "Name of the patch; patches are applied in the order of their names")
    var name: String

    @Argument(
        help: "Package; optional if only one is being patched",
        completion: .packagesBeingPatched)
    var package: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Use this commit message", valueName: "message"))
    var message: String?

    @Flag(help: "Replace an existing patch of this name")
    var force = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let message, !message.contains(where: { !$0.isWhitespace }) {
            throw ValidationError("'--message' wants a text")
        }
    }

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let bench = try await session.patchBench()
        let saved = try await bench.save(
            as: PatchName(name), of: package, in: ZentooName(root), isForced: force,
            message: message
        ) { event in
            if case .warning(let text) = event { context.output.warning("\(text)") }
        }
        try context.output.report(SavedPatchPage(saved: saved), as: format.format)
        if !saved.isTried {
            context.output.warning("what is saved was not built yet")
            context.output.hint("git zentoo patch try \(saved.root) \(saved.package)")
        }
    }
}

/// A saved patch.
struct SavedPatchPage: Report {
    let saved: SavedPatch

    func encode(to encoder: any Encoder) throws { try saved.encode(to: encoder) }

    var page: Page {
        var page = Page()
        let commit = saved.commit.map { String($0.description.prefix(12)) }
        page.line(
            """
            \(saved.version, .strong): saved on root/\(saved.root)\
            \(commit.map { " in \($0)" } ?? ", which said so already")
            """)
        page.line("  \(saved.path)")
        page.changes(saved.changes, indent: "    ")
        return page
    }
}
