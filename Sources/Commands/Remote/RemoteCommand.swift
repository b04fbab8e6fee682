internal import ArgumentParser

/// `git zentoo remote`
struct RemoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote",
        abstract: "Manage remotes whose records are fetched",
        subcommands: [RemoteAdd.self, RemoteSetup.self, RemoteUpdate.self])
}
