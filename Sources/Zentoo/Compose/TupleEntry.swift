internal import Git

/// A tuple as a list has it.
public struct TupleEntry: Sendable, Hashable, Codable {
    /// The tuple.
    public let tuple: String
    /// The stage it is built on; nil when a mistake says why.
    public let stage: String?
    /// Its options but the stage, as `key=value`.
    public let options: [String]
    /// The tag of the newest success.
    public let tag: String?
    /// How the newest build ended.
    public let status: BuildResult.Status?
    /// When the newest build ended.
    public let date: Timestamp?
    /// How many mistakes keep it from being built.
    public let mistakes: Int
}

extension Site {
    /// The declared tuples, in the file's order, each with its newest build.
    ///
    /// - Throws: `GitError`.
    public func tuples(_ results: ResultReader) throws -> [TupleEntry] {
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

extension TupleOptions {
    /// All but the stage, as one writes them.
    var listed: [String] {
        (rebuild.map { ["rebuild=\($0.rawValue)"] } ?? [])
            + (live.map { ["live=\($0.rawValue)"] } ?? [])
            + (engine.map { ["engine=\($0.rawValue)"] } ?? [])
            + (compilers.map { ["distcc=\($0)"] } ?? [])
    }
}
