internal import ArgumentParser
internal import Roots
internal import Sites

/// `git zentoo root reset`
struct RootReset: Command {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Throw away what a kept session left in a root",
        discussion: """
            The branch and its commits stay in any case; 'git reset' in the work tree moves it.
            """)

    @Argument(help: "The root", completion: .roots)
    var name: String

    @Flag(help: "Throw away what is in the work tree and not committed, too")
    var hard = false

    @Flag(help: "Throw away the packages it has for itself, too")
    var packages = false

    @Flag(help: "Throw away its patch work, saved or not, too")
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
