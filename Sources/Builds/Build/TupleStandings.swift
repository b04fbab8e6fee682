internal import Records
package import Sites

/// Which tuples of a site have been built, on one machine: decided by tree ids
/// and the files in the pool, whose digests are cached or computed. No record
/// is written, no git identity is needed, and the site is read once for any
/// number of tuples.
package struct TupleStandings {
    let site: Site
    let state: StateDirectory

    /// Creates the standings of tuples of `site`, with the pool of `state`.
    package init(_ site: Site, state: StateDirectory) {
        self.site = site
        self.state = state
    }

    /// Returns the reports of those tuples that need no build.
    ///
    /// Problems of a tuple are reported when it is built.
    ///
    /// - Throws: ``ZentooError`` if the site cannot be read.
    package func upToDate(among names: [String]) async throws -> [String: TupleReport] {
        let composer = TupleComposer(site)
        let reader = try ResultReader(site.repository)
        let proof = try PoolProof(site.repository, state: state)
        var found: [String: TupleReport] = [:]
        for start in stride(from: 0, to: names.count, by: Self.batchSize) {
            var batch: [(name: String, report: TupleReport, packages: [RecordedPackage])] = []
            for name in names[start..<min(start + Self.batchSize, names.count)] {
                guard let commit = try? composer.compose(site.tuple(named: name)) else { continue }
                let series = BuildSeries(site: site.name, tuple: commit.tuple)
                let history = BuildHistory(
                    repository: site.repository, series: series, state: state, reader: reader)
                guard let (report, result) = try standing(commit, history) else { continue }
                batch.append((name, report, try reader.packages(of: result)))
            }
            let areIntact = try await proof.areIntact(batch.map(\.packages))
            for (tuple, isIntact) in zip(batch, areIntact) where isIntact {
                found[tuple.name] = tuple.report
            }
        }
        return found
    }

    /// The number of tuples whose packages are verified together: the cached
    /// digests of a flavour's files are read once for each batch.
    private static let batchSize = 64

    /// Returns the report if nothing has to be done; nil otherwise.
    func upToDate(
        _ commit: TupleCommit, _ history: BuildHistory
    ) async throws -> TupleReport? {
        guard let (report, result) = try standing(commit, history),
            try await history.isIntact(result)
        else { return nil }
        return report
    }

    /// Does the same, without verifying the bytes of the packages.
    private func standing(
        _ commit: TupleCommit, _ history: BuildHistory
    ) throws -> (TupleReport, BuildResult)? {
        guard
            case .upToDate(let result, let tag) = try history.standing(
                of: commit, live: site.tuplesFile.options(of: commit.tuple).live)
        else { return nil }
        return (TupleReport(standing: commit, of: history.series, result, tag: tag), result)
    }
}

extension TupleReport {
    /// Creates the report of a tuple that does not have to be built.
    init(
        standing commit: TupleCommit, of series: BuildSeries, _ result: BuildResult, tag: String?,
        status: Status = .upToDate
    ) {
        self.init(commit, of: series, status: status)
        build = result.build
        self.tag = tag
        flavour = "\(result.chost)/\(result.flavour)"
    }
}
