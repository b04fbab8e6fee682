/// The options of a session in a root.
package struct SessionOptions: Sendable {
    /// The command to run; empty for a shell.
    package var command: [String]
    /// Whether the user is at a terminal.
    package var isInteractive: Bool
    /// `TERM` of that terminal.
    package var terminal: String?
    /// Whether the root's changes are kept for the next session.
    package var keeps: Bool

    /// Creates the options of a session.
    package init(
        command: [String] = [], isInteractive: Bool, terminal: String? = nil, keeps: Bool = false
    ) {
        self.command = command
        self.isInteractive = isInteractive
        self.terminal = terminal
        self.keeps = keeps
    }
}
