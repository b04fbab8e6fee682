/// The output and status of a command, as one text that can be compared as a
/// whole.
public struct CommandResult: Sendable, Hashable, CustomStringConvertible {
    /// Standard output.
    public let output: String
    /// Standard error.
    public let errors: String
    /// The exit status, as a shell reports it.
    public let status: Int32

    /// Creates the result of a command that has ended.
    public init(output: String, errors: String, status: Int32) {
        self.output = output
        self.errors = errors
        self.status = status
    }

    /// Both streams and the status: the content of a snapshot.
    public var description: String {
        var text = output.isEmpty ? "" : "--- stdout\n\(output)"
        if !errors.isEmpty { text += "--- stderr\n\(errors)" }
        return text + "--- status \(status)\n"
    }
}
