internal import ArgumentParser

/// `git zentoo tuple`
struct TupleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tuple",
        abstract: "Show and check tuples: cpu, portage, buildhooks and packages of a machine",
        subcommands: [TupleList.self, TupleShow.self, TupleCheck.self])
}
