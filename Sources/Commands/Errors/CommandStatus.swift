/// The exit status of the process; the numbers are git's.
enum CommandStatus: Sendable, Hashable {
    /// The command succeeded: 0.
    case done
    /// The command worked, but its result is a failure, such as a failed build
    /// or a check with findings: 1.
    case failed
    /// The command could not do its work: 128.
    case fatal
    /// The command line is invalid: 129.
    case usage
    /// A signal ended the command: 130 for SIGINT, 141 for SIGPIPE, when the
    /// reader of the result has closed the pipe, 143 for SIGTERM.
    case signaled(Int32)
    /// The status of a command that was run for the user.
    case passed(Int32)

    /// The exit status as a shell shows it.
    var code: Int32 {
        switch self {
        case .done: 0
        case .failed: 1
        case .fatal: 128
        case .usage: 129
        case .signaled(let signal): 128 + signal
        case .passed(let status): status
        }
    }
}

/// The command worked, but its result is a failure that its output already
/// shows: nothing more is printed, and the status is 1.
struct NegativeAnswer: Error {}

/// A command that was run for the user has ended with this status; nothing more
/// is printed.
struct CommandEnded: Error {
    let status: Int32
}
