internal import ArgumentParser

/// `git zentoo stage`
struct StageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "The base root filesystems that builds start from",
        subcommands: [StageAdd.self, StageList.self, StageVerify.self, StageRemove.self])
}
