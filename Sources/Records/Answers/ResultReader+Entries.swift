extension ResultReader {
    /// Returns the builds that made the given packages, by id, so that an
    /// answer can show tags and times.
    ///
    /// - Throws: ``GitError``.
    package func builds(of origins: [PackageOrigin]) throws -> [BuildID: BuildEntry] {
        var results: [BuildID: BuildResult] = [:]
        for origin in origins where results[origin.build] == nil {
            results[origin.build] = try result(of: origin.build, in: origin.series)
        }
        let entries = try tagged(results.values.sorted { $0.build < $1.build })
        return Dictionary(entries.map { ($0.result.build, $0) }) { one, _ in one }
    }

    /// Returns the tags of the builds that made the given packages, by build;
    /// only successful builds have one.
    ///
    /// - Throws: ``GitError``.
    package func tags(of origins: [PackageOrigin]) throws -> [BuildID: String] {
        var builds: [BuildSeries: Set<BuildID>] = [:]
        for origin in origins { builds[origin.series, default: []].insert(origin.build) }
        var tags: [BuildID: String] = [:]
        for (series, builds) in builds {
            // A failed build has no tag, and the search for one would read all
            // tags of the series, which costs more than reading a few results.
            let wanted =
                builds.count > BuildTag.few
                ? builds
                : try builds.filter { try result(of: $0, in: series)?.status == .success }
            for (build, number) in try BuildTag.numbers(of: wanted, in: series, repository) {
                tags[build] = series.tagName(number)
            }
        }
        return tags
    }

    /// Returns the newest successful build of the same series before a build;
    /// nil when there is none.
    ///
    /// - Throws: ``GitError``.
    package func success(before entry: BuildEntry) throws -> BuildEntry? {
        let series = entry.result.series
        let order = BuildOrder()
        var before: BuildResult?
        try whence.eachBuild(of: series) { build in
            if order.isOlder(build, entry.result.build) {
                before = try result(of: build, in: series).flatMap {
                    $0.status == .success ? $0 : nil
                }
            }
            return before == nil
        }
        return try before.flatMap { try tagged([$0]).first }
    }
}
