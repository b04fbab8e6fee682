internal import Sites

extension StageError {
    /// Returns the error for a stage that exceeds a limit or does not end.
    static func tooLarge(_ what: String, _ limit: Int64) -> StageError {
        StageError(
            .tooLarge, "\(what) more than \(limit >> 20) MiB (\(Settings.largestStageKey))",
            hints: [
                "if it has to be so, raise the limit: git config \(Settings.largestStageKey) BYTES"
            ])
    }
}
