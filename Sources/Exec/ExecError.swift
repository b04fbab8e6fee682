internal import Subprocess

/// A program could not be run, or failed where that is an error.
public struct ExecError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    public enum Code: Sendable, Hashable {
        /// There is no such program.
        case notFound
        /// It could not be started or monitored.
        case notStarted
        /// Its output exceeded the caller's limit.
        case outputTooLong
        /// It ended with an exit status other than 0, or by a signal.
        case failed(ExitStatus)
    }

    /// The kind of error.
    public let code: Code
    /// The invocation of the program.
    public let invocation: Invocation
    /// The last lines of the program's output, or the system's error.
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

    /// The message for the user. It has several lines if ``detail`` has.
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
