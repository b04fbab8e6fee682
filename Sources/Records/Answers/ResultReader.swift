package import Git

/// Reads records: what was built, when, of what, and how it ended.
///
/// Everything comes from the notes, the index over them and the tags, so the
/// answers are the same in a mirror clone without local branches and without
/// the pool.
package struct ResultReader {
    let repository: Repository
    /// The index, as it was when the reader was made.
    package let whence: Whence
    /// The notes, likewise.
    package let notes: RecordNotes

    /// Opens the records as they are now.
    ///
    /// - Throws: ``GitError`` when the repository cannot be read.
    package init(_ repository: Repository) throws {
        self.repository = repository
        whence = try Whence(repository)
        notes = try RecordNotes(repository)
    }

    /// The newest success of a series that has its tag; nil when there is
    /// none.
    ///
    /// The newest is the one that began last: after records of two
    /// repositories were brought together, the highest number need not be it.
    ///
    /// - Throws: ``GitError``.
    package func latest(of series: BuildSeries) throws -> BuildEntry? {
        var latest: BuildEntry?
        var untagged: [BuildResult] = []
        try whence.eachBuild(of: series) { build in
            guard let result = try result(of: build, in: series), result.status == .success
            else { return true }
            if untagged.isEmpty, let tag = try BuildTag.newest(of: series, in: repository),
                tag.build == build
            {
                latest = BuildEntry(result: result, tag: series.tagName(tag.number))
                return false
            }
            untagged.append(result)
            return true
        }
        return try latest ?? tagged(untagged).first { $0.tag != nil }
    }

    /// How a build of a series ended; nil when there is no such build.
    package func result(of build: BuildID, in series: BuildSeries) throws -> BuildResult? {
        try whence.result(of: build, in: series)
    }

    /// The newest build of a series, however it ended; nil when there is none.
    ///
    /// - Throws: ``GitError``.
    package func newest(of series: BuildSeries) throws -> BuildEntry? {
        try log(of: [series], limit: 1).first
    }

    /// The newest success of a tree, of any site: what makes a tuple "up to
    /// date" or lets it be stamped. Nil when there is none.
    ///
    /// - Throws: ``GitError``.
    package func success(ofTree tree: ObjectID) throws -> BuildResult? {
        let order = BuildOrder()
        return try notes.lines(on: tree, of: .result)
            .compactMap { BuildResult($0) }
            .filter { $0.status == .success && $0.tree == tree }
            .max { order.isOlder($0.build, $1.build) }
    }

    /// The packages that a build's result consists of, sorted; those a failed
    /// build made before it failed.
    ///
    /// - Throws: ``GitError``.
    package func packages(of result: BuildResult) throws -> [RecordedPackage] {
        let source = result.stampedFrom ?? result.build
        return try notes.lines(on: result.tree)
            .filter { $0.build == source }
            .compactMap { RecordedPackage($0) }
            .sorted { ($0.cpv, $0.buildNumber) < ($1.cpv, $1.buildNumber) }
    }

    /// All that is known about a build.
    ///
    /// - Throws: ``GitError``.
    package func report(of entry: BuildEntry) throws -> BuildReport {
        BuildReport(
            result: entry.result, tag: entry.tag, packages: try packages(of: entry.result))
    }
}
