internal import ArgumentParser

/// `git zentoo buildhooks`
struct BuildhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buildhooks",
        abstract: "The branches buildhooks/<name>: what is done around the merge",
        subcommands: [
            BuildhooksList.self, BuildhooksShow.self, BuildhooksNew.self, BuildhooksImport.self,
        ])
}
