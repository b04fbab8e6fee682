internal import ArgumentParser

/// `git zentoo patch`
struct PatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patch",
        abstract: "Edit the source of a package and save a user patch",
        subcommands: [
            PatchPrep.self, PatchTry.self, PatchSave.self, PatchList.self, PatchDrop.self,
        ])
}
