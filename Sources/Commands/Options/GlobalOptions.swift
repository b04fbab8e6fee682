internal import ArgumentParser

/// The verbosity of every command.
struct GlobalOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print only results, warnings and errors")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print details and every program that is run")
    var verbose = false

    func validate() throws {
        if quiet && verbose {
            throw ValidationError("options '--quiet' and '--verbose' cannot be used together")
        }
    }
}
