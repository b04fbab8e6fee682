internal import Subprocess

/// How a program ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    /// It exited with this status, 0 for success.
    case exited(Int32)
    /// A signal ended it.
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

    /// The number a shell would show: the status, or 128 and the signal.
    public var shellStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    /// For people: what is wrong or what it is, in a line.
    public var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}

/// What a finished program left behind.
public struct Completion: Sendable {
    /// What was run.
    public let invocation: Invocation
    /// How it ended.
    public let status: ExitStatus
    /// All of its standard output.
    public let output: [UInt8]
    /// All of its standard error.
    public let errors: [UInt8]

    /// Standard output as text, without the last newline.
    public var text: String {
        var bytes = output[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Itself when the program succeeded.
    ///
    /// - Throws: ``ExecError`` with the command line, the status and the last
    ///   lines of standard error.
    @discardableResult
    public func orThrow() throws -> Completion {
        guard status.isSuccess else { throw ExecError(completion: self) }
        return self
    }
}
