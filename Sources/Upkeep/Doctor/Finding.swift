/// One thing that was looked at, and how it is.
package struct Finding: Sendable, Hashable, Codable {
    /// How it is.
    package enum Level: String, Sendable, Hashable, Codable {
        /// As it should be.
        case ok
        /// Not in the way of builds, but worth knowing.
        case warn
        /// In the way of builds.
        case fail
    }

    /// How it is.
    package let level: Level
    /// What was looked at, in a word.
    package let subject: String
    /// What was found, in a line.
    package let message: String
    /// What to type or change.
    package let hints: [String]

    /// A finding.
    package init(_ level: Level, _ subject: String, _ message: String, hints: [String] = []) {
        self.level = level
        self.subject = subject
        self.message = message
        self.hints = hints
    }
}
