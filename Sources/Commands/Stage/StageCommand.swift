internal import ArgumentParser

/// `git zentoo stage`
struct StageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Manage stages, the base root filesystems of builds",
        subcommands: [StageAdd.self, StageList.self, StageVerify.self, StageRemove.self])
}
