internal import Git
package import Sites

/// A tuple as a list has it.
package struct TupleEntry: Sendable, Hashable, Codable {
    /// The tuple.
    package let tuple: String
    /// The stage it is built on; nil when a mistake says why.
    package let stage: String?
    /// Its options but the stage, as `key=value`.
    package let options: [String]
    /// The tag of the newest success.
    package let tag: String?
    /// How the newest build ended.
    package let status: BuildResult.Status?
    /// When the newest build ended.
    package let date: Timestamp?
    /// How many mistakes keep it from being built.
    package let mistakes: Int
}

extension Site {
    /// The declared tuples, in the file's order, each with its newest build.
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
