/// How somebody enters a root.
public struct SessionOptions: Sendable {
    /// What is run there; empty for a shell.
    public var command: [String]
    /// Whether a person sits at a terminal.
    public var isInteractive: Bool
    /// `TERM` of that terminal.
    public var terminal: String?
    /// Whether the root's changes stay for the next session.
    public var keeps: Bool

    /// A session.
    public init(
        command: [String] = [], isInteractive: Bool, terminal: String? = nil, keeps: Bool = false
    ) {
        self.command = command
        self.isInteractive = isInteractive
        self.terminal = terminal
        self.keeps = keeps
    }
}
