extension ResultReader {
    /// The builds that made some packages, by id: with them an answer can name
    /// tags and times.
    ///
    /// - Throws: ``GitError``.
    public func builds(of origins: [PackageOrigin]) throws -> [BuildID: BuildEntry] {
        var results: [BuildID: BuildResult] = [:]
        for origin in origins where results[origin.build] == nil {
            let series = origin.series
            results[origin.build] =
                try series.root.map { try whence.result(of: origin.build, inRoot: $0) }
                ?? whence.result(of: origin.build, in: series)
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
        let builds =
            try series.root.map { try whence.builds(ofRoot: $0) } ?? whence.builds(of: series)
        for build in builds where build < entry.result.build {
            let result =
                try series.root.map { try whence.result(of: build, inRoot: $0) }
                ?? whence.result(of: build, in: series)
            if let result, result.status == .success { return try tagged([result]).first }
        }
        return nil
    }
}
