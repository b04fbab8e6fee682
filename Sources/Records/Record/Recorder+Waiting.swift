internal import Git

extension Recorder {
    /// Whether a build is under way or died: whether
    /// ``completePending(isRunning:register:)`` may find something to do.
    ///
    /// - Throws: ``GitError``.
    package var hasPending: Bool {
        get throws {
            try BuildSeries.buildingPrefixes.contains {
                try !repository.references(under: $0).isEmpty
            }
        }
    }
}
