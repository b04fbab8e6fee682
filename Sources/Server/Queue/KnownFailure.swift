internal import Git
package import Records

/// A package that failed to build from the same inputs before, and would fail
/// again.
///
/// The inputs are the tuple commit's tree. Failures are read from the records
/// on it, so they are the same in every repository and no longer apply when an
/// input changes. A failure outside of a package, such as a source that could
/// not be fetched, may be temporary and does not count.
package struct KnownFailure: Sendable, Hashable, Codable {
    /// The package.
    package let package: String
    /// The phase in which it failed.
    package let phase: String
    /// The build in which it failed.
    package let build: BuildID
    /// The name of that build's log.
    package let log: String?

    /// Finds the known failure of a tree; nil when there is none, or when the
    /// tree has been built since.
    init?(ofTree tree: ObjectID, in notes: RecordNotes) throws {
        let results = try notes.lines(on: tree, of: .result)
            .compactMap { BuildResult($0) }.filter { $0.status != .cancelled }
        let order = BuildOrder()
        guard let newest = results.max(by: { order.isOlder($0.build, $1.build) }),
            newest.status == .failure,
            let failure = newest.failure, let package = failure.package
        else { return nil }
        self.package = package
        phase = failure.phase
        build = newest.build
        log = failure.log
    }
}
