internal import ArgumentParser

/// `git zentoo portage`
struct PortageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portage",
        abstract: "Manage the branches portage/<name>: complete /etc/portage directories",
        subcommands: [
            PortageList.self, PortageShow.self, PortageNew.self, PortageImport.self,
        ])
}
