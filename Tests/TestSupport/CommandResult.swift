/// What a command left behind, as one text that can be compared whole.
public struct CommandResult: Sendable, Hashable, CustomStringConvertible {
    /// Standard output.
    public let output: String
    /// Standard error.
    public let errors: String
    /// The exit status, as a shell shows it.
    public let status: Int32

    /// A command that has ended.
    public init(output: String, errors: String, status: Int32) {
        self.output = output
        self.errors = errors
        self.status = status
    }

    /// Both streams and the status: what a snapshot holds.
    public var description: String {
        var text = output.isEmpty ? "" : "--- stdout\n\(output)"
        if !errors.isEmpty { text += "--- stderr\n\(errors)" }
        return text + "--- status \(status)\n"
    }
}
