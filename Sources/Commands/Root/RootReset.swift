internal import ArgumentParser
internal import Roots
internal import Sites

/// `git zentoo root reset`
struct RootReset: Command {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Discard the changes that a kept session left in a root",
        discussion: """
            The branch and its commits are never changed; to move the branch, use 'git reset' \
            in the work tree.
            """)

    @Argument(help: "Name of the root", completion: .roots)
    var name: String

    @Flag(help: "Also discard uncommitted changes in the work tree")
    var hard = false

    @Flag(help: "Also remove the root's own packages")
    var packages = false

    @Flag(help: "Also discard sources that are being patched, saved or not")
    var patches = false

    @OptionGroup var site: SiteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws {
        let session = try await Session.open(context, site)
        let keeper = RootKeeper(machine: try await session.machine())
        let done = try await keeper.reset(
            ZentooName(name),
            RootKeeper.Reset(tree: hard, packages: packages, patches: patches))
        context.output.status(
            done.isEmpty
                ? "root '\(name)' has nothing to be thrown away"
                : "threw away \(done.joined(separator: ", "))")
    }
}
