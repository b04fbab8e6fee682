/// What the process ends with; the numbers are git's.
enum CommandStatus: Sendable, Hashable {
    /// Everything was done: 0.
    case done
    /// The command worked, and its answer is a failure, such as a build that
    /// broke or a check that found something: 1.
    case failed
    /// The command could not do its work: 128.
    case fatal
    /// The command line made no sense: 129.
    case usage
    /// A signal ended the command: 130 for an interrupt, 141 when the reader
    /// of the result has gone, 143 for a termination.
    case signaled(Int32)
    /// A command that was run for the user ended so: its own status.
    case passed(Int32)

    /// The number a shell shows.
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

/// The command worked, and its answer is a failure that its output already
/// tells: nothing more is printed, the status is 1.
struct NegativeAnswer: Error {}

/// What the user wanted to be run has run, and ended with this status; nothing
/// is to be said about it.
struct CommandEnded: Error {
    let status: Int32
}
