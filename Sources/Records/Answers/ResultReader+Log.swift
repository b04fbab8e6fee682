internal import Git
package import Sites

extension ResultReader {
    /// Returns the builds of a site, bootstraps included, or of one of its
    /// tuples, newest first, failures included.
    ///
    /// - Parameters:
    ///   - tuple: as written; all tuples of the site if nil.
    ///   - limit: the maximum number of builds to return; all if nil.
    /// - Throws: ``GitError``.
    package func log(
        site: ZentooName, tuple: String? = nil, limit: Int? = nil
    ) throws -> [BuildEntry] {
        if let tuple {
            return try log(
                of: BuildSeries(site: site, tuple: tuple).map { [$0] } ?? [], limit: limit)
        }
        return try log(of: whence.series(of: site) + whence.stages(of: site), limit: limit)
    }

    /// Returns the builds of a root's branch, newest first, failures included.
    ///
    /// - Throws: ``GitError``.
    package func log(root: ZentooName, limit: Int? = nil) throws -> [BuildEntry] {
        let results = try whence.builds(ofRoot: root, limit: limit)
            .compactMap { try whence.result(of: $0, inRoot: root) }
        return try tagged(results)
    }

    /// Returns the builds of a series, newest first, failures included.
    ///
    /// - Throws: ``GitError``.
    package func log(of series: BuildSeries, limit: Int? = nil) throws -> [BuildEntry] {
        try log(of: [series], limit: limit)
    }

    func log(of all: [BuildSeries], limit: Int?) throws -> [BuildEntry] {
        // Build ids sort by time, so only the results that are returned are
        // read.
        let named = try all.flatMap { series in
            try whence.builds(of: series, limit: limit).map { (build: $0, series: series) }
        }
        let order = BuildOrder()
        let results = try named.sorted { order.isOlder($1.build, $0.build) }
            .prefix(limit ?? .max)
            .compactMap { try whence.result(of: $0.build, in: $0.series) }
        return try tagged(results)
    }

    /// Adds the tags, reading as few of them as necessary.
    func tagged(_ results: [BuildResult]) throws -> [BuildEntry] {
        var wanted: [BuildSeries: Set<BuildID>] = [:]
        for result in results where result.status == .success {
            wanted[result.series, default: []].insert(result.build)
        }
        var names: [BuildID: String] = [:]
        for (series, builds) in wanted {
            for (build, number) in try BuildTag.numbers(of: builds, in: series, repository) {
                names[build] = series.tagName(number)
            }
        }
        return results.map { BuildEntry(result: $0, tag: names[$0.build]) }
    }
}
