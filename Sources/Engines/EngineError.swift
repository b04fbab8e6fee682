/// A job could not be run at all.
public struct EngineError: Error, Sendable, CustomStringConvertible {
    /// What kind of obstacle it is.
    public enum Code: Sendable, Hashable {
        /// A program, a right or a kernel feature is missing.
        case unavailable
        /// The engine cannot do what the job asks.
        case unsupported
        /// The root could not be set up.
        case setup
        /// The same, since a file system is full.
        case noSpace
        /// The machine or daemon that ran it is out of reach, or has ended it.
        case lost
    }

    /// What kind of obstacle it is.
    public let code: Code
    /// What is wrong, in one line.
    public let message: String
    /// What to type or change, one hint a line.
    public let hints: [String]

    /// An obstacle with the way round it.
    public init(_ code: Code, _ message: String, hints: [String] = []) {
        self.code = code
        self.message = message
        self.hints = hints
    }

    /// The message alone; hints are shown apart.
    public var description: String { message }
}
