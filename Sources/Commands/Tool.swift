internal import ArgumentParser

/// The root command: `git zentoo`.
struct Tool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "git-zentoo",
        abstract: "Manage Gentoo systems as immutable infrastructure with git",
        discussion: """
            Branches describe the kinds of machine in a network. A build turns them into \
            binary packages, and notes and tags record which commit made which package.
            """,
        version: Version.sentence,
        groupedSubcommands: [
            CommandGroup(
                name: "Describing a network",
                subcommands: [
                    InitCommand.self, CloneCommand.self, PortageCommand.self,
                    BuildhooksCommand.self, CPUCommand.self,
                    TupleCommand.self,
                ]),
            CommandGroup(
                name: "Stages and repositories", subcommands: [StageCommand.self, SyncCommand.self]),
            CommandGroup(
                name: "Building",
                subcommands: [BuildCommand.self, BootstrapCommand.self, AssembleCommand.self]),
            CommandGroup(
                name: "Working in a root",
                subcommands: [
                    NewRootCommand.self, EnterCommand.self, RootCommand.self, PatchCommand.self,
                ]),
            CommandGroup(
                name: "Asking what was built",
                subcommands: [
                    StatusCommand.self, LogCommand.self, ShowCommand.self, DiffCommand.self,
                    WhyCommand.self, WhenceCommand.self, VerifyCommand.self,
                ]),
            CommandGroup(
                name: "Sharing records", subcommands: [RemoteCommand.self]),
            CommandGroup(
                name: "Building what is pushed",
                subcommands: [HookCommand.self, QueueCommand.self, WorkerCommand.self]),
            CommandGroup(
                name: "Keeping it in order",
                subcommands: [
                    DoctorCommand.self, EngineCommand.self, RepairCommand.self,
                ]),
            CommandGroup(name: "About git-zentoo", subcommands: [VersionCommand.self]),
            CommandGroup(name: "For packagers", subcommands: [ManualCommand.self]),
        ],
        defaultSubcommand: StatusCommand.self)
}
