/// An error that prevents a job from running at all.
public struct EngineError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    public enum Code: Sendable, Hashable {
        /// A program, a permission or a kernel feature is missing.
        case unavailable
        /// The engine cannot do what the job asks.
        case unsupported
        /// The root could not be set up.
        case setup
        /// The root could not be set up because a file system is full.
        case noSpace
        /// The machine or daemon that ran the job cannot be reached or has
        /// ended it.
        case lost
    }

    /// The kind of error.
    public let code: Code
    /// The description of the error, in one line.
    public let message: String
    /// The commands to type or settings to change, one per hint.
    public let hints: [String]

    /// Creates an error with hints for fixing it.
    public init(_ code: Code, _ message: String, hints: [String] = []) {
        self.code = code
        self.message = message
        self.hints = hints
    }

    /// The message alone; hints are shown separately.
    public var description: String { message }
}
