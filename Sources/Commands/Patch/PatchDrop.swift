internal import ArgumentParser
internal import Roots
internal import Sites

/// `git zentoo patch drop`
struct PatchDrop: Command {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Throw away a source that was being patched",
        discussion: "Patches that were saved stay where they are.")

    @Argument(help: "The root", completion: .roots)
    var root: String

    @Argument(
        help: "The package; may be left out when there is patch work on only one",
        completion: .packagesBeingPatched)
    var package: String?

    @Flag(help: "Throw away changes that are not saved")
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
