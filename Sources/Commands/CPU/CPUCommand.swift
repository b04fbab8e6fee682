internal import ArgumentParser

/// `git zentoo cpu`
struct CPUCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cpu",
        abstract: "The files config/cpu/<name>: compiler flags for kinds of processor",
        subcommands: [CPUList.self, CPUShow.self, CPUNew.self, CPUDetect.self])
}
