extension ResultReader {
    /// The builds that made some packages, by id: with them an answer can name
    /// tags and times.
    ///
    /// - Throws: ``GitError``.
    public func builds(of origins: [PackageOrigin]) throws -> [BuildID: BuildEntry] {
        var results: [BuildID: BuildResult] = [:]
        for origin in origins where results[origin.build] == nil {
            results[origin.build] = try result(of: origin.build, in: origin.series)
        }
        let entries = try tagged(results.values.sorted { $0.build < $1.build })
        return Dictionary(entries.map { ($0.result.build, $0) }) { one, _ in one }
    }

    /// The newest success of the same series before a build; nil when there is
    /// none.
    ///
    /// - Throws: ``GitError``.
    public func success(before entry: BuildEntry) throws -> BuildEntry? {
        let series = entry.result.series
        let order = BuildOrder()
        for build in try builds(of: series) where order.isOlder(build, entry.result.build) {
            let result = try result(of: build, in: series)
            if let result, result.status == .success { return try tagged([result]).first }
        }
        return nil
    }
}
