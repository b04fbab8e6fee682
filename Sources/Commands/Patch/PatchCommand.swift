internal import ArgumentParser

/// `git zentoo patch`
struct PatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patch",
        abstract: "Mend packages: from the source to a user patch of the branch",
        subcommands: [
            PatchPrep.self, PatchTry.self, PatchSave.self, PatchList.self, PatchDrop.self,
        ])
}
