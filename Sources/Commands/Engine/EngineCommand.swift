internal import ArgumentParser

/// `git zentoo engine`
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Show the engines that run jobs",
        discussion: """
            The engine is taken from '--engine', else from the option 'engine=' of the tuple \
            in config/tuples, else from 'zentoo.engine' in git's configuration; otherwise it \
            is 'local'. All engines run the same jobs, so the result of a build does not \
            depend on the engine.
            """,
        subcommands: [EngineList.self, EngineStatusCommand.self, EngineCompose.self],
        defaultSubcommand: EngineList.self)
}
