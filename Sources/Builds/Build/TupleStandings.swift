internal import Records
package import Sites

/// Which tuples of a site have been built, on one machine: decided by tree ids
/// and the files in the pool, whose digests are known or taken. No record is
/// written, nobody need be known to git, and one look at the site serves a thousand
/// tuples.
package struct TupleStandings {
    let site: Site
    let state: StateDirectory

    /// Asks about tuples of `site` where `state` has the pool.
    package init(_ site: Site, state: StateDirectory) {
        self.site = site
        self.state = state
    }

    /// The reports of those tuples that need no build.
    ///
    /// What is wrong with a tuple is told when it is built.
    ///
    /// - Throws: ``ZentooError`` when the site cannot be read.
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

    /// How many tuples' packages are proved at once: what is known of a flavour's
    /// files is read once for them.
    private static let batchSize = 64

    /// The report when nothing is to be done at all.
    func upToDate(
        _ commit: TupleCommit, _ history: BuildHistory
    ) async throws -> TupleReport? {
        guard let (report, result) = try standing(commit, history),
            try await history.isIntact(result)
        else { return nil }
        return report
    }

    /// The same, before the bytes of its packages are proved.
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
    /// Of a tuple that need not be built.
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
