public import Git

/// Reads records: what was built, when, of what, and how it ended.
///
/// Everything comes from the notes, the index over them and the tags, so the
/// answers are the same in a mirror clone without local branches and without
/// the pool.
public struct ResultReader {
    let repository: Repository
    /// The index, as it was when the reader was made.
    public let whence: Whence

    /// Opens the records as they are now.
    ///
    /// - Throws: ``GitError`` when the repository cannot be read.
    public init(_ repository: Repository) throws {
        self.repository = repository
        whence = try Whence(repository)
    }

    /// The newest success of a series; nil when there is none.
    ///
    /// - Throws: ``GitError``.
    public func latest(of series: BuildSeries) throws -> BuildEntry? {
        if let name = try series.latest(), let id = try repository.resolve(name),
            let tag = try repository.tag(id), let build = BuildTag.build(of: tag),
            let result = try whence.result(of: build, in: series)
        {
            return BuildEntry(result: result, tag: tag.name)
        }
        for tag in try BuildTag.tags(of: series, in: repository) {
            if let entry = try entry(try tag.get(), of: series) { return entry }
        }
        return nil
    }

    /// The newest build of a series, however it ended; nil when there is none.
    ///
    /// - Throws: ``GitError``.
    public func newest(of series: BuildSeries) throws -> BuildEntry? {
        try log(of: [series], limit: 1).first
    }

    /// The newest success of a tree, of any site: what makes a tuple "up to
    /// date" or lets it be stamped. Nil when there is none.
    ///
    /// - Throws: ``GitError``.
    public func success(ofTree tree: ObjectID) throws -> BuildResult? {
        try RecordNotes.lines(on: tree, of: .result, in: repository)
            .compactMap { BuildResult($0) }
            .filter { $0.status == .success && $0.tree == tree }
            .max { $0.build < $1.build }
    }

    /// The packages that a build's result consists of, sorted; those a failed
    /// build made before it failed.
    ///
    /// - Throws: ``GitError``.
    public func packages(of result: BuildResult) throws -> [RecordedPackage] {
        let source = result.stampedFrom ?? result.build
        return try RecordNotes.lines(on: result.tree, in: repository)
            .filter { $0.build == source }
            .compactMap { RecordedPackage($0) }
            .sorted { ($0.cpv, $0.buildNumber) < ($1.cpv, $1.buildNumber) }
    }

    /// All that is known about a build.
    ///
    /// - Throws: ``GitError``.
    public func report(of entry: BuildEntry) throws -> BuildReport {
        BuildReport(
            result: entry.result, tag: entry.tag, packages: try packages(of: entry.result))
    }

    func entry(_ tag: BuildTag, of series: BuildSeries) throws -> BuildEntry? {
        guard let build = tag.build else { return nil }
        let found =
            try series.root.map { try whence.result(of: build, inRoot: $0) }
            ?? whence.result(of: build, in: series)
        return found.map { BuildEntry(result: $0, tag: series.tagName(tag.number)) }
    }
}
