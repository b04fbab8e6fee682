internal import Sites

extension StageError {
    /// What is said of a stage that does not end, or not soon enough.
    static func tooLarge(_ what: String, _ limit: Int64) -> StageError {
        StageError(
            .tooLarge, "\(what) more than \(limit >> 20) MiB (\(Settings.largestStageKey))",
            hints: [
                "if it has to be so, raise the limit: git config \(Settings.largestStageKey) BYTES"
            ])
    }
}
