internal import ArgumentParser

/// The format of the result, for every command that reports one.
struct FormatOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print the result as JSON with sorted keys")
    var isJSON = false

    /// The requested format.
    var format: ReportFormat { isJSON ? .json : .text }
}
