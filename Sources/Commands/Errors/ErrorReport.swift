internal import Exec
internal import Sites

/// The message and exit status for an error of any module: the only place that
/// decides them, by type and never by text.
struct ErrorReport: Sendable, Hashable {
    /// `fatal` or, for example for an invalid command line, `error`, as in git.
    let label: String
    /// The description of the error; empty if nothing is printed.
    let message: String
    /// Hints on how to solve the problem.
    let hints: [String]
    /// The exit status of the process.
    let status: CommandStatus

    init(
        label: String = "fatal", message: String, hints: [String] = [],
        status: CommandStatus = .fatal
    ) {
        self.label = label
        self.message = message
        self.hints = hints
        self.status = status
    }

    /// The same error, of one item among several: the others continue.
    var ofOne: ErrorReport {
        ErrorReport(label: "error", message: message, hints: hints, status: status)
    }

    /// Creates the report of `error`.
    init(_ error: any Error) {
        switch error {
        case is NegativeAnswer:
            self.init(message: "", status: .failed)
        case let error as CommandEnded:
            self.init(message: "", status: .passed(error.status))
        case let error as ZentooError where !error.mistakes.isEmpty:
            self.init(
                message: ([error.message] + error.mistakes.map { "\($0.place): \($0.message)" })
                    .joined(separator: "\n"),
                hints: error.mistakes.compactMap(\.hint) + error.hints)
        case let error as any Explained:
            self.init(message: error.description, hints: error.hints)
        default:
            self.init(message: String(describing: error))
        }
    }

    /// The lines to print.
    var lines: [StyledText] {
        guard !message.isEmpty else { return [] }
        // StyledText shows newlines as `?`, and the last output of a failed
        // program contains some.
        var lines = message.split(separator: "\n").map { StyledText(String($0)) }
        if lines.isEmpty { lines = [""] }
        lines[0] = "\(label + ":", .bad) \(lines[0])"
        return lines + hints.map { "\("hint:", .name) \($0)" }
    }
}
