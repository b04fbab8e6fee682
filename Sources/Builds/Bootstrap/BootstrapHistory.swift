internal import Files
internal import Git
internal import Records
internal import Sites
internal import SystemPackage

/// The records of a bootstrapped stage, as seen from this machine's pool.
struct BootstrapHistory {
    let repository: Repository
    let series: BuildSeries
    let state: StateDirectory

    /// Whether a stage has to be bootstrapped.
    enum Standing {
        /// It has to be bootstrapped.
        case due
        /// It was bootstrapped, and its archive is in the pool.
        case upToDate(BuildResult, tag: String?)
        /// It was bootstrapped and recorded, but has no tag yet: the bootstrap
        /// could not sign it.
        case untagged(BuildResult)

        /// The existing result; nil if the stage has to be bootstrapped.
        var result: BuildResult? {
            switch self {
            case .due: nil
            case .upToDate(let result, _), .untagged(let result): result
            }
        }
    }

    /// Compares the inputs that a tuple is composed of now with those of the
    /// newest stage.
    ///
    /// - Parameters:
    ///   - commit: the tuple commit as composed now.
    ///   - live: how the site treats live ebuilds.
    func standing(of commit: TupleCommit, live: TupleOptions.Live?) throws -> Standing {
        let reader = try ResultReader(repository)
        guard
            let newest = try reader.log(of: series).first(where: { $0.result.status == .success }),
            let archive = newest.result.archive, try isMade(newest.result, of: commit),
            try FileStatus.of(state.archive(of: archive.sha256))?.size == Int(archive.size)
        else { return .due }
        if live != .keep, try reader.packages(of: newest.result).contains(where: \.isLive) {
            return .due
        }
        if newest.tag == nil, try repository.resolve(series.building(newest.result.build)) != nil {
            return .untagged(newest.result)
        }
        return .upToDate(newest.result, tag: newest.tag)
    }

    /// Returns whether a stage was made from the inputs of the commit, either
    /// on the stage that the commit names or as that very stage (the case once
    /// the tuple is built on it). Build hooks are not compared.
    private func isMade(_ result: BuildResult, of commit: TupleCommit) throws -> Bool {
        guard result.series.tuple == commit.tuple.text,
            [result.stage, result.archive?.sha256].contains(commit.stage.digest),
            try repository.exists(result.tree)
        else { return false }
        return try inputs(of: result.tree) == inputs(of: commit.tree)
    }

    private func inputs(of tree: ObjectID) throws -> [String: ObjectID] {
        let entries = try repository.tree(tree).map { ($0.text, $0.id) }
        return Dictionary(uniqueKeysWithValues: entries)
            .filter { !["buildhooks", "stage"].contains($0.key) }
    }

    /// Returns the seconds that packages took to compile, by `category/name`,
    /// in the newest bootstrap and in builds of the tuple.
    func durations(of tuple: Tuple) throws -> [String: Int] {
        var known = try BuildHistory(
            repository: repository, series: BuildSeries(site: series.site, tuple: tuple),
            state: state
        ).durations(of: tuple)
        let reader = try ResultReader(repository)
        for package in try reader.latest(of: series).map({ try reader.packages(of: $0.result) })
            ?? []
        {
            if let seconds = package.durationSeconds { known[package.cpv.package] = seconds }
        }
        return known
    }
}
