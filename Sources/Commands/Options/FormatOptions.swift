internal import ArgumentParser

/// In which form a result is shown, for every command that reports one.
struct FormatOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print the result as JSON, with sorted keys")
    var isJSON = false

    /// The form that was asked for.
    var format: ReportFormat { isJSON ? .json : .text }
}
