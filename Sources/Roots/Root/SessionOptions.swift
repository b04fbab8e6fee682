/// How somebody enters a root.
package struct SessionOptions: Sendable {
    /// What is run there; empty for a shell.
    package var command: [String]
    /// Whether a person sits at a terminal.
    package var isInteractive: Bool
    /// `TERM` of that terminal.
    package var terminal: String?
    /// Whether the root's changes stay for the next session.
    package var keeps: Bool

    /// A session.
    package init(
        command: [String] = [], isInteractive: Bool, terminal: String? = nil, keeps: Bool = false
    ) {
        self.command = command
        self.isInteractive = isInteractive
        self.terminal = terminal
        self.keeps = keeps
    }
}
