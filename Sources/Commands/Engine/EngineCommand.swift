internal import ArgumentParser

/// `git zentoo engine`
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Look at where jobs run",
        discussion: """
            An engine is chosen by '--engine', else by 'engine=' behind the tuple in \
            config/tuples, else by 'zentoo.engine' in git's configuration, else it is 'local'. \
            All engines run the same jobs; what a build makes does not depend on them.
            """,
        subcommands: [EngineList.self, EngineStatusCommand.self, EngineCompose.self],
        defaultSubcommand: EngineList.self)
}
