package import Git

/// Reads records: which builds ran, when, from what, and how they ended.
///
/// All data comes from the notes, their index and the tags, so the answers are
/// the same in a mirror clone without local branches and without the pool.
package struct ResultReader {
    let repository: Repository
    /// The index, as of the creation of the reader.
    package let whence: Whence
    /// The notes, as of the creation of the reader.
    package let notes: RecordNotes

    /// Opens the records in their current state.
    ///
    /// - Throws: ``GitError`` when the repository cannot be read.
    package init(_ repository: Repository) throws {
        self.repository = repository
        whence = try Whence(repository)
        notes = try RecordNotes(repository)
    }

    /// Returns the newest successful build of a series that has its tag; nil
    /// when there is none.
    ///
    /// The newest build is the one that started last: after the records of two
    /// repositories were merged, it need not have the highest number.
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

    /// Returns the result of a build of a series; nil when there is no such
    /// build.
    package func result(of build: BuildID, in series: BuildSeries) throws -> BuildResult? {
        try whence.result(of: build, in: series)
    }

    /// Returns the newest build of a series, successful or not; nil when there
    /// is none.
    ///
    /// - Throws: ``GitError``.
    package func newest(of series: BuildSeries) throws -> BuildEntry? {
        try log(of: [series], limit: 1).first
    }

    /// Returns the newest successful build of a tree, for any site, which makes
    /// a tuple "up to date" or allows it to be stamped; nil when there is none.
    ///
    /// - Throws: ``GitError``.
    package func success(ofTree tree: ObjectID) throws -> BuildResult? {
        let order = BuildOrder()
        return try notes.lines(on: tree, of: .result)
            .compactMap { BuildResult($0) }
            .filter { $0.status == .success && $0.tree == tree }
            .max { order.isOlder($0.build, $1.build) }
    }

    /// Returns the packages of a build's result, sorted; for a failed build,
    /// those it made before it failed.
    ///
    /// - Throws: ``GitError``.
    package func packages(of result: BuildResult) throws -> [RecordedPackage] {
        let source = result.stampedFrom ?? result.build
        return try notes.lines(on: result.tree)
            .filter { $0.build == source }
            .compactMap { RecordedPackage($0) }
            .sorted { ($0.cpv, $0.buildNumber) < ($1.cpv, $1.buildNumber) }
    }

    /// Returns everything that is recorded about a build.
    ///
    /// - Throws: ``GitError``.
    package func report(of entry: BuildEntry) throws -> BuildReport {
        BuildReport(
            result: entry.result, tag: entry.tag, packages: try packages(of: entry.result))
    }
}
