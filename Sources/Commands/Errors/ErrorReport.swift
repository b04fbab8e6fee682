internal import Exec
internal import Sites

/// How an error of any module is told, and what status it ends in: the one
/// place where that is decided, by type and never by text.
struct ErrorReport: Sendable, Hashable {
    /// `fatal` or, for a bad command line, `error`: git's two words.
    let label: String
    /// What is wrong; empty when nothing is to be said.
    let message: String
    /// What can be done about it.
    let hints: [String]
    /// What the process ends with.
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

    /// The same as the error of one thing among several: the others go on.
    var ofOne: ErrorReport {
        ErrorReport(label: "error", message: message, hints: hints, status: status)
    }

    /// Explains `error`.
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

    /// What is printed.
    var lines: [StyledText] {
        guard !message.isEmpty else { return [] }
        // StyledText shows newlines as `?`; a program's last words have some.
        var lines = message.split(separator: "\n").map { StyledText(String($0)) }
        lines[0] = "\(label + ":", .bad) \(lines[0])"
        return lines + hints.map { "\("hint:", .name) \($0)" }
    }
}
