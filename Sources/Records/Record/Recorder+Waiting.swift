internal import Git

extension Recorder {
    /// Whether a build is running or died, so that
    /// ``completePending(isRunning:register:)`` may have work to do.
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
