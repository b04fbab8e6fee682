internal import ArgumentParser

/// `git zentoo cpu`
struct CPUCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cpu",
        abstract: "Manage the files config/cpu/<name>: compiler flags for processor types",
        subcommands: [CPUList.self, CPUShow.self, CPUNew.self, CPUDetect.self])
}
