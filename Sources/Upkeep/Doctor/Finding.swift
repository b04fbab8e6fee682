/// The result of one check.
package struct Finding: Sendable, Hashable, Codable {
    /// The possible levels.
    package enum Level: String, Sendable, Hashable, Codable {
        /// No problem.
        case ok
        /// A problem that does not prevent builds.
        case warn
        /// A problem that prevents builds.
        case fail
    }

    /// The level.
    package let level: Level
    /// The subject of the check, in one word.
    package let subject: String
    /// The finding, in one line.
    package let message: String
    /// The commands to run or changes to make.
    package let hints: [String]

    /// Creates a finding.
    package init(_ level: Level, _ subject: String, _ message: String, hints: [String] = []) {
        self.level = level
        self.subject = subject
        self.message = message
        self.hints = hints
    }
}
