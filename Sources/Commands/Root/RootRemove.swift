internal import ArgumentParser
internal import Roots
internal import Sites

/// `git zentoo root remove`
struct RootRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a root, its branch and all its data")

    @Argument(help: "Name of the root", completion: .roots)
    var name: String

    @Flag(help: "Remove the root even if changes are lost that exist nowhere else")
    var force = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let keeper = RootKeeper(machine: try await session.machine())
        try await keeper.remove(ZentooName(name), isForced: force)
        context.output.status("removed root '\(name)'")
    }
}
