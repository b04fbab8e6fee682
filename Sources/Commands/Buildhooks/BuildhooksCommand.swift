internal import ArgumentParser

/// `git zentoo buildhooks`
struct BuildhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buildhooks",
        abstract: "Manage the branches buildhooks/<name>: steps before and after the merge",
        subcommands: [
            BuildhooksList.self, BuildhooksShow.self, BuildhooksNew.self, BuildhooksImport.self,
        ])
}
