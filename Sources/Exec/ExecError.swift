internal import Subprocess

/// A program could not be run, or failed where that is an error.
public struct ExecError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// There is no such program.
        case notFound
        /// It could not be started or watched.
        case notStarted
        /// It said more than the caller wants to hold.
        case outputTooLong
        /// It ended with a status other than 0.
        case failed(ExitStatus)
    }

    /// What went wrong.
    public let code: Code
    /// What was run.
    public let invocation: Invocation
    /// The program's own last words, or the system's.
    public let detail: String

    init(invocation: Invocation, error: SubprocessError) {
        self.invocation = invocation
        detail = error.description
        code =
            switch error.code {
            case .executableNotFound: .notFound
            case .outputLimitExceeded: .outputTooLong
            default: .notStarted
            }
    }

    init(completion: Completion) {
        invocation = completion.invocation
        code = .failed(completion.status)
        let said = completion.errors.isEmpty ? completion.output : completion.errors
        detail = String(decoding: said, as: UTF8.self)
            .split(whereSeparator: \.isNewline).suffix(Self.linesKept)
            .joined(separator: "\n")
    }

    private static let linesKept = 10

    /// For people: what is wrong or what it is, in a line.
    public var description: String {
        switch code {
        case .notFound: "cannot find program '\(invocation.program)'"
        case .notStarted: "cannot run '\(invocation.commandLine)': \(detail)"
        case .outputTooLong: "'\(invocation.commandLine)' said too much"
        case .failed(let status):
            "'\(invocation.commandLine)' failed (\(status))" + (detail.isEmpty ? "" : ": \(detail)")
        }
    }
}
