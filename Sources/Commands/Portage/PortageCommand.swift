internal import ArgumentParser

/// `git zentoo portage`
struct PortageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portage",
        abstract: "The branches portage/<name>: complete /etc/portage directories",
        subcommands: [
            PortageList.self, PortageShow.self, PortageNew.self, PortageImport.self,
        ])
}
