/// Which tuples of a site have been built, on one machine: decided by tree ids
/// and the files in the pool, whose digests are known or taken. No record is written, nobody need be known to git,
/// and one look at the site serves a thousand tuples.
public struct TupleStandings {
    let site: Site
    let state: StateDirectory

    /// Asks about tuples of `site` where `state` has the pool.
    public init(_ site: Site, state: StateDirectory) {
        self.site = site
        self.state = state
    }

    /// The reports of those tuples that need no build.
    ///
    /// What is wrong with a tuple is told when it is built.
    ///
    /// - Throws: ``ZentooError`` when the site cannot be read.
    public func upToDate(among names: [String]) async throws -> [String: TupleReport] {
        let composer = TupleComposer(site)
        let reader = try ResultReader(site.repository)
        var found: [String: TupleReport] = [:]
        for name in names {
            guard let commit = try? composer.compose(site.tuple(named: name)) else { continue }
            let series = BuildSeries(site: site.name, tuple: commit.tuple)
            let history = BuildHistory(
                repository: site.repository, series: series, state: state, reader: reader)
            found[name] = try await upToDate(commit, history)
        }
        return found
    }

    /// The report when nothing is to be done at all.
    func upToDate(
        _ commit: TupleCommit, _ history: BuildHistory
    ) async throws -> TupleReport? {
        guard
            case .upToDate(let result, let tag) = try history.standing(
                of: commit, live: site.tuplesFile.options(of: commit.tuple).live),
            try await history.isIntact(result)
        else { return nil }
        return TupleReport(standing: commit, of: history.series, result, tag: tag)
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
