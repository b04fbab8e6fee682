internal import Subprocess

/// The exit status of a program.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    /// It exited with this status, 0 for success.
    case exited(Int32)
    /// It was terminated by this signal.
    case signaled(Int32)

    init(_ status: TerminationStatus) {
        self =
            switch status {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .signaled(signal)
            }
    }

    /// Whether it exited with status 0.
    public var isSuccess: Bool { self == .exited(0) }

    /// The status as a shell reports it: the exit status, or 128 plus the
    /// signal.
    public var shellStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    /// The status in words, in one line.
    public var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}

/// The result of a finished program.
public struct Completion: Sendable {
    /// The invocation of the program.
    public let invocation: Invocation
    /// Its exit status.
    public let status: ExitStatus
    /// Its whole standard output.
    public let output: [UInt8]
    /// Its whole standard error.
    public let errors: [UInt8]

    /// The standard output as text, without the last newline.
    public var text: String {
        var bytes = output[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Returns the completion if the program succeeded.
    ///
    /// - Throws: ``ExecError`` with the command line, the status and the last
    ///   lines of standard error, or of standard output if there are none.
    @discardableResult
    public func orThrow() throws -> Completion {
        guard status.isSuccess else { throw ExecError(completion: self) }
        return self
    }
}
