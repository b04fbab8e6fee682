/// The rule for using colours, which is git's own (git-config(1), `color.ui`).
enum ColorRule {
    /// Returns whether text is coloured.
    ///
    /// - Parameters:
    ///   - setting: the value of `color.zentoo`, else of `color.ui`.
    ///   - isTerminal: whether the text goes to a terminal.
    static func allows(
        setting: String?, environment: [String: String], isTerminal: Bool
    ) -> Bool {
        switch setting?.lowercased() {
        case "always": true
        case "never", "false", "no", "off", "0": false
        default:
            // Anything else, including no setting, is git's "auto".
            isTerminal && environment["TERM"] != "dumb"
                && (environment["NO_COLOR"] ?? "").isEmpty
        }
    }
}
