internal import ArgumentParser

/// `git zentoo root`
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "root",
        abstract: "Manage roots",
        subcommands: [
            RootList.self, RootStatus.self, RootDiff.self, RootUpdateCommand.self,
            RootPromote.self, RootReset.self, RootRemove.self,
        ])
}
