internal import Git
package import Records

/// A package that did not build from the same inputs before, and will not now.
///
/// The inputs are the tuple commit's tree; the records on it are the memory,
/// so it is the same in every repository and ends when an input changes. A
/// failure outside of a package, such as a source that could not be fetched,
/// may pass by itself and is not remembered.
package struct KnownFailure: Sendable, Hashable, Codable {
    /// The package.
    package let package: String
    /// What it failed in.
    package let phase: String
    /// The build that found out.
    package let build: BuildID
    /// Its log's name.
    package let log: String?

    /// What is known to fail of a tree; nil when nothing is, or when it has
    /// been built since.
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
