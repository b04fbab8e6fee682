internal import ArgumentParser

/// `git zentoo remote`
struct RemoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote",
        abstract: "Repositories whose records are brought here",
        subcommands: [RemoteAdd.self, RemoteSetup.self, RemoteUpdate.self])
}
