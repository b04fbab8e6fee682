/// One thing that was looked at, and how it is.
public struct Finding: Sendable, Hashable, Codable {
    /// How it is.
    public enum Level: String, Sendable, Hashable, Codable {
        /// As it should be.
        case ok
        /// Not in the way of builds, but worth knowing.
        case warn
        /// In the way of builds.
        case fail
    }

    /// How it is.
    public let level: Level
    /// What was looked at, in a word.
    public let subject: String
    /// What was found, in a line.
    public let message: String
    /// What to type or change.
    public let hints: [String]

    /// A finding.
    public init(_ level: Level, _ subject: String, _ message: String, hints: [String] = []) {
        self.level = level
        self.subject = subject
        self.message = message
        self.hints = hints
    }
}
