internal import ArgumentParser
internal import Roots
internal import Sites

/// `git zentoo patch drop`
struct PatchDrop: Command {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Discard a source that is being patched",
        discussion: "Saved patches are kept.")

    @Argument(help: "Name of the root", completion: .roots)
    var root: String

    @Argument(
        help: "Package; optional if only one is being patched",
        completion: .packagesBeingPatched)
    var package: String?

    @Flag(help: "Discard unsaved changes")
    var force = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let bench = try await session.patchBench()
        let dropped = try await bench.drop(package, in: ZentooName(root), isForced: force)
        context.output.status("dropped the source of '\(dropped)' in root '\(root)'")
    }
}
