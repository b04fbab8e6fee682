internal import Git
package import Sites

/// A tuple as an entry of a list.
package struct TupleEntry: Sendable, Hashable, Codable {
    /// The tuple.
    package let tuple: String
    /// The stage it is built on; nil if a mistake prevents resolving it.
    package let stage: String?
    /// Its options except the stage, as `key=value`.
    package let options: [String]
    /// The tag of the newest success.
    package let tag: String?
    /// The status of the newest build.
    package let status: BuildResult.Status?
    /// The time at which the newest build ended.
    package let date: Timestamp?
    /// The number of mistakes that prevent a build.
    package let mistakes: Int
}

extension Site {
    /// Returns the declared tuples, in the order of the file, each with its
    /// newest build.
    ///
    /// - Throws: `GitError`.
    package func tuples(_ results: ResultReader) throws -> [TupleEntry] {
        try declaredTuples.map { tuple in
            let inputs = try TupleInputs(tuple, of: self)
            let series = BuildSeries(site: name, tuple: tuple)
            let newest = try results.newest(of: series)
            return TupleEntry(
                tuple: tuple.text, stage: inputs.stage?.name.text ?? inputs.options.stage?.text,
                options: inputs.options.listed, tag: try results.latest(of: series)?.tag,
                status: newest?.result.status,
                date: newest.map { Timestamp(seconds: $0.result.tagger.seconds) },
                mistakes: inputs.mistakes.count)
        }
    }
}
