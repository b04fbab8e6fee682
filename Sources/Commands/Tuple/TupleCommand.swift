internal import ArgumentParser

/// `git zentoo tuple`
struct TupleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tuple",
        abstract: "The kinds of machine: cpu, portage, buildhooks and packages together",
        subcommands: [TupleList.self, TupleShow.self, TupleCheck.self])
}
